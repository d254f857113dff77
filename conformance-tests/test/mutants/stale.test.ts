import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { coreMutants } from "./core-mutants.ts";
import { patched } from "./patched.ts";

test.each(coreMutants)("the core has the text once at which it $fault", (mutant) => {
  const source = readFileSync(`packages/core/src/${mutant.file}`, "utf8");
  expect(patched(source, mutant)).not.toBe(source);
});
