// The runtimes that the packages are tested on, and how to get them: from npm, at these versions.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const npx = process.platform === "win32" ? "npx.cmd" : "npx";

const onNode = (version) => ({
  package: `node@${version}`,
  where: ["node", "-p", "process.execPath"],
  args: [],
});

const pinned = {
  "node-20": onNode("20.20.2"),
  "node-22": onNode("22.23.3"),
  "node-24": onNode("24.21.0"),
  "node-26": onNode("26.10.0"),
  "bun-1": {
    package: "bun@1.4.5",
    where: ["bun", "-e", "console.log(process.execPath)"],
    args: [],
  },
  "deno-2": {
    package: "deno@2.9.6",
    where: ["deno", "eval", "console.log(Deno.execPath())"],
    args: ["run", "-A"],
  },
};

/** Names of all runtimes, in the order of reports. */
export const runtimeNames = Object.keys(pinned);

/**
 * Finds a runtime's program, which npx downloads if it has to, so that the tests themselves start
 * without npx. Node of the major version that runs this script is that very Node.
 */
export async function locate(name) {
  const { package: wanted, where, args } = pinned[name];
  if (name === `node-${process.versions.node.split(".")[0]}`) {
    return { name, program: process.execPath, args };
  }
  const { stdout } = await promisify(execFile)(npx, ["-y", "-p", wanted, ...where]);
  return { name, program: stdout.trim().split("\n").at(-1), args };
}
