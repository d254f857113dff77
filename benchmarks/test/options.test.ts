import { describe, expect, it } from "vitest";
import { parseOptions } from "../src/options.ts";
import { rowNames } from "../src/rows/index.ts";

function optionsOf(...args: string[]): Exclude<ReturnType<typeof parseOptions>, "help"> {
  const options = parseOptions(args);
  if (options === "help") throw new Error("it asks for help");
  return options;
}

describe("parseOptions", () => {
  it("measures every row on this runtime unless told otherwise", () => {
    const options = optionsOf();
    expect(options.rows).toEqual(rowNames);
    expect(options.runtimes).toEqual([]);
    expect(options.json).toBe(false);
  });

  it("takes rows, runtimes and settings", () => {
    const options = optionsOf("--", "scope", "--runtime", "node@24,bun,deno@2.1", "--rounds", "3");
    expect(options.rows).toEqual(["scope"]);
    expect(options.runtimes).toEqual(["node@24", "bun", "deno@2.1"]);
    expect(options.settings).toEqual({ rounds: 3, warmups: 2, scale: 1, clock: "wall" });
  });

  it("measures only the rows that are named when it starts from a file", () => {
    expect(optionsOf("--from", "bench.json").rows).toEqual([]);
    expect(optionsOf("--from", "bench.json", "scope").rows).toEqual(["scope"]);
  });

  it.each([
    [["nothing"], 'there is no row "nothing"; the rows are spawn-join-1, '],
    [["--runtime", "chrome"], 'got "chrome"'],
    [["--runtime", "node@24,"], 'got ""'],
    [["--runtime", "node@24; ls"], 'got "node@24; ls"'],
    [["--rounds", "0"], '--rounds takes a whole number from 1 on, got "0"'],
    [["--warmups", "1.5"], '--warmups takes a whole number from 0 on, got "1.5"'],
    [["--scale=-1"], '--scale takes a positive number, got "-1"'],
    [["--clock", "sun"], '--clock takes wall or cpu, got "sun"'],
    [["--nope"], "Unknown option '--nope'"],
  ])("refuses %j and names what is wrong", (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });

  it("asks for help whatever else is said", () => {
    expect(parseOptions(["--help", "nothing"])).toBe("help");
  });
});
