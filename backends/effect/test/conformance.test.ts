import { register } from "@anywhen/conformance";
import { describe, it } from "vitest";
import { effectBackend } from "../src/index.ts";

register({ describe, it }, { name: "effect", create: () => effectBackend() });
