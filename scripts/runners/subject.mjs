// What the runners below are given: the Promise backend, or with BROKEN set one that breaks rule B1.
import { cases } from "@anywhen/conformance";
import { promiseBackend } from "@anywhen/promise";

const broken = process.env.BROKEN === "1";

export const subject = {
  name: "promise",
  create: () => (broken ? { ...promiseBackend(), name: "" } : promiseBackend()),
};

export const options = { filter: ({ rule }) => !broken || rule === "B1" };

/** How many tests the runner must count. */
export const count = cases.filter(options.filter).length;
