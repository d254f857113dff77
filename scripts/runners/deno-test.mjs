import { flatRunner, register } from "@anywhen/conformance";
import { options, subject } from "./subject.mjs";

register(flatRunner(Deno.test), subject, options);
