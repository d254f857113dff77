import "./matchers.ts";

export type { GroupMatchers } from "./matchers.ts";
