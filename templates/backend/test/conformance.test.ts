import { describe, it } from "node:test";
import { register, type Subject } from "@anywhen/conformance";
import { myBackend } from "../src/my-backend.ts";

const subject: Subject = {
  name: "my-backend",
  create: () => myBackend(),
  knownFailures: {},
};

register({ describe, it }, subject);
