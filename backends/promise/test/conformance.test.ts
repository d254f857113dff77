import { register } from "@anywhen/conformance";
import { describe, it } from "vitest";
import { promiseBackend } from "../src/index.ts";

register({ describe, it }, { name: "promise", create: () => promiseBackend() });
