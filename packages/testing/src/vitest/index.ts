export { test, type AnywhenTest, type AnywhenTestAPI } from "./test.ts";
export type { AnywhenFixtures } from "./fixtures.ts";
import "./matchers.ts";

export type { GroupMatchers } from "./matchers.ts";
