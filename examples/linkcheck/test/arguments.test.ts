import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { parseArguments } from "../src/arguments.ts";

const HERE = import.meta.dirname;

describe("parseArguments", () => {
  it("checks the demo with defaults when nothing is given", () => {
    expect(parseArguments([])).toEqual({
      target: { kind: "demo" },
      backend: undefined,
      concurrency: 16,
      timeout: 10_000,
      json: undefined,
    });
  });

  it("tells URLs from folders", () => {
    expect(parseArguments(["https://a.test/x"]).target).toEqual({
      kind: "url",
      url: "https://a.test/x",
    });
    expect(parseArguments([HERE]).target).toEqual({ kind: "folder", folder: HERE });
  });

  it("skips the separator that pnpm hands on", () => {
    expect(parseArguments(["--", "--concurrency", "3"]).concurrency).toBe(3);
  });

  it.each([
    [["--concurrency", "0"], "'0' is invalid. Give a whole number of at least 1."],
    [["--timeout", "abc"], "'abc' is invalid. Give a whole number of at least 1."],
    [["--timeout", "1.5"], "'1.5' is invalid. Give a whole number of at least 1."],
    [["--json", `${HERE}/none/report.json`], `There is no folder ${HERE}/none; create it first.`],
    [["--json", HERE], `'${HERE}' is invalid. It is a folder; name a file in it.`],
    [[`${HERE}/none`], `"${HERE}/none" is neither a folder nor an http(s) URL. Give an existing`],
    [[import.meta.filename], "is a file, not a folder. Give an existing folder"],
    [["http://["], '"http://[" is not a valid URL. Write it as https://example.com/.'],
    [[HERE, dirname(HERE)], "too many arguments"],
    [["--speed"], "unknown option '--speed'"],
  ])("refuses %j and says why", (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(message);
  });
});
