import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";
import { pages } from "./pages.ts";

const fenced = /^\s*```.*?^\s*```$/gms;
const link = /\[[^\]]*\]\(([^)\s]+)\)/g;

/** The anchors that a page's headings get where Markdown is shown as GitHub does. */
function anchorsOf(page: string): Set<string> {
  const text = readFileSync(page, "utf8").replaceAll(fenced, "");
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] as string);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

function brokenLinksOf(page: string): string[] {
  const text = readFileSync(page, "utf8")
    .replaceAll(fenced, "")
    .replaceAll(/`[^`\n]*`/g, "");
  return [...text.matchAll(link)]
    .map((match) => match[1] as string)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : posix.join(posix.dirname(page), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && file.endsWith(".md") && !anchorsOf(file).has(anchor);
    });
}

it.each(pages())("%s has no broken link to a file of the repository", (page) => {
  expect(brokenLinksOf(page)).toEqual([]);
});

it("the first page stays short", () => {
  expect(readFileSync("README.md", "utf8").split("\n").length).toBeLessThanOrEqual(150);
});
