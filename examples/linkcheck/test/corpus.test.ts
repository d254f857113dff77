import { existsSync } from "node:fs";
import { run } from "anywhen";
import { expect, it } from "vitest";
import { demoSite } from "../src/corpus.ts";
import manifest from "../package.json" with { type: "json" };

it("the demo serves the project and every installed package, each version once", async () => {
  const { mounts, entries } = await run(demoSite);
  const { marked, commander } = manifest.dependencies;
  expect([...mounts.keys()]).toEqual(
    expect.arrayContaining([
      "/project/",
      `/packages/marked@${marked}/`,
      `/packages/commander@${commander}/`,
    ]),
  );
  expect(new Set(mounts.values()).size).toBe(mounts.size);
  expect([...mounts.values()].every((folder) => existsSync(folder))).toBe(true);
  expect(entries).toContain(`packages/marked@${marked}/`);
});
