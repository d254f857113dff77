import { execFile } from "node:child_process";
import { promisify } from "node:util";

export type RuntimeKind = "node" | "bun" | "deno";

/** What the rows run on. */
export interface Runtime {
  /** As asked for, or as it is: "node@24". */
  readonly name: string;
  readonly kind: RuntimeKind;
  readonly executable: string;
}

const versions = process.versions as Readonly<Record<string, string | undefined>>;

/** What this process is. */
export const currentKind: RuntimeKind =
  versions["bun"] !== undefined ? "bun" : versions["deno"] !== undefined ? "deno" : "node";

/** As in "node 24.2.0". */
export const currentVersion: string = `${currentKind} ${versions[currentKind] ?? "?"}`;

/** The runtime that measures when none is asked for, named with its major version. */
export const currentRuntime: Runtime = {
  name: `${currentKind}@${(versions[currentKind] ?? "?").split(".", 1)[0] ?? "?"}`,
  kind: currentKind,
  executable: process.execPath,
};

/** What each prints to tell where it is: npm fetches it once, and rows start without npx. */
const whereabouts: Readonly<Record<RuntimeKind, readonly string[]>> = {
  node: ["node", "--print", "process.execPath"],
  bun: ["bun", "--print", "process.execPath"],
  deno: ["deno", "eval", "console.log(Deno.execPath())"],
};

/** @throws RangeError for what is no runtime with or without a version, such as "node@24" or "bun" */
export function runtimeKind(spec: string): RuntimeKind {
  const kind = /^(node|bun|deno)(?:@[\w.-]+)?$/.exec(spec)?.[1];
  if (kind !== undefined) return kind as RuntimeKind;
  throw new RangeError(
    `--runtime takes names such as node@24, bun or deno@2, separated by commas, got ${JSON.stringify(spec)}`,
  );
}

/**
 * Gets a runtime from npm.
 * @throws Error with npm's words if there is no such version
 */
export async function locate(spec: string): Promise<Runtime> {
  const kind = runtimeKind(spec);
  const args = ["--yes", "--package", spec, ...whereabouts[kind]];
  try {
    const { stdout } = await promisify(execFile)("npx", args);
    return { name: spec, kind, executable: stdout.trim() };
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    const words = stderr.split("\n").filter((line) => line.startsWith("npm error"));
    const reason = words.length === 0 ? String(error) : words.slice(0, 2).join(", ");
    throw new Error(`npx could not get ${spec}: ${reason}`, { cause: error });
  }
}

/** The arguments that make a runtime run a module, with `gc` in reach where it can. */
export function runArguments({ kind }: Runtime, v8Flags: readonly string[] = []): string[] {
  const flags = ["--expose-gc", ...v8Flags];
  if (kind === "bun") return ["run", "--expose-gc"];
  return kind === "deno" ? ["run", "--allow-all", `--v8-flags=${flags.join(",")}`] : flags;
}
