import { describe, it } from "node:test";
import { register } from "@anywhen/conformance";
import { options, subject } from "./subject.mjs";

register({ describe, it }, subject, options);
