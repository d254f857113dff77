/** Where in the code a checkpoint is, as well as the stack tells. */
export interface Site {
  /** The library's call, such as `Lock.acquire`. */
  readonly call: string | undefined;
  /** Function, file, line and column of the caller's. */
  readonly caller: string | undefined;
}

interface Frame {
  readonly name: string;
  readonly file: string;
  readonly position: string;
}

/** Stacks of V8 ("at name (file:1:2)", "at file:1:2") and of JavaScriptCore ("name@file:1:2"). */
const framed = /^\s*(?:at )?(?:async )?(?:(.*?) \(|(.*?)@)?(\S.*?):(\d+:\d+)\)?$/;

/** The function of the core in which each checkpoint begins. */
const innermost = "refusedIn";

/** To be called by what the core tells of a checkpoint. */
export function currentSite(): Site {
  return siteOf(stackOf(40));
}

/** The same for any stack that a checkpoint is in. */
export function siteOf(stack: string): Site {
  const frames = stack.split("\n").flatMap(parsed);
  const start = frames.findIndex(({ name }) => name === innermost);
  const library = frames[start]?.file.replace(/[^/\\]*$/, "");
  if (library === undefined) return { call: undefined, caller: undefined };
  const outer = frames.slice(start + 1);
  const own = outer.findIndex(({ file }) => !file.startsWith(library));
  const call = outer[(own === -1 ? outer.length : own) - 1]?.name;
  const caller = own === -1 ? undefined : outer[own];
  return {
    call: call === "" ? undefined : call,
    caller:
      caller && `${caller.name === "" ? "" : `${caller.name} `}(${caller.file}:${caller.position})`,
  };
}

function parsed(line: string): Frame[] {
  const match = framed.exec(line);
  if (match === null) return [];
  const [, called, named, file = "", position = ""] = match;
  const name = (called ?? named ?? "").replace(/^(?:new|async) /, "");
  return [{ name, file: file.replace(/^file:\/\//, ""), position }];
}

function stackOf(depth: number): string {
  const errors = Error as unknown as { stackTraceLimit?: number | undefined };
  const before = errors.stackTraceLimit;
  errors.stackTraceLimit = depth;
  const { stack = "" } = new Error();
  errors.stackTraceLimit = before;
  return stack;
}
