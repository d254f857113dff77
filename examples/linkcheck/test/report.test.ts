import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { formatReport, type Problem, type Report } from "../src/report.ts";

const PLAIN = pc.createColors(false);

function report(problems: readonly Problem[], unchecked = 0): Report {
  return {
    schema: 1,
    site: "fixture",
    complete: unchecked === 0,
    summary: {
      pages: 1,
      files: 0,
      links: 2,
      external: 0,
      unchecked,
      brokenLinks: problems.length,
      brokenAnchors: 0,
    },
    problems,
  };
}

function problem(page: string, link: string): Problem {
  return { page, link, kind: "link", reason: "HTTP 404" };
}

describe("formatReport", () => {
  it("names a page once and cuts the list at the limit", () => {
    const problems = [problem("/a", "x"), problem("/a", "y"), problem("/b", "z")];
    expect(formatReport(report(problems), 2, PLAIN).split("\n")).toEqual([
      "/a",
      "  ✗ x  HTTP 404",
      "  ✗ y  HTTP 404",
      "  … and 1 more; --json FILE writes them all",
      "",
      "1 page, 0 other files, 2 links: 3 broken links, 0 broken anchors, 0 external, not checked",
    ]);
  });

  it("says when the crawl was stopped early", () => {
    expect(formatReport(report([], 5), 10, PLAIN).split("\n")).toEqual([
      "Stopped early: this is what was found so far.",
      "1 page, 0 other files, 2 links: 0 broken links, 0 broken anchors, 0 external, not checked, 5 not reached",
    ]);
  });
});
