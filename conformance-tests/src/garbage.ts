import { builtinModule } from "./host-process.ts";
import { turn } from "./turn.ts";

type Collect = () => void;

let found: { collect: Collect | undefined } | undefined;

/** True if the host lets a program ask for garbage collection. */
export function canCollectGarbage(): boolean {
  return collector() !== undefined;
}

/** True once nothing but `reference` holds its object; gives up after some collections. */
export async function isCollected(reference: WeakRef<object>): Promise<boolean> {
  return (await countCollected([reference])) === 1;
}

/**
 * True once what `references` held is gone; gives up after some collections. Where the collector is
 * conservative, as JavaScriptCore's is, any word of the stack that looks like a reference is one: a
 * single object may stay for no reason, but a leak keeps them all, so there half of them are enough.
 */
export async function areCollected(references: readonly WeakRef<object>[]): Promise<boolean> {
  const wanted = isConservative() ? references.length / 2 : references.length;
  return (await countCollected(references)) >= wanted;
}

async function countCollected(references: readonly WeakRef<object>[]): Promise<number> {
  const collect = collector();
  let count = 0;
  for (let attempt = 0; attempt < 10 && count < references.length; attempt += 1) {
    await turn();
    collect?.();
    await turn();
    count = references.filter((reference) => reference.deref() === undefined).length;
  }
  return count;
}

function isConservative(): boolean {
  return "Bun" in globalThis;
}

function collector(): Collect | undefined {
  found ??= { collect: findCollector() };
  return found.collect;
}

function findCollector(): Collect | undefined {
  const { gc, Bun } = globalThis as unknown as { gc?: Collect; Bun?: { gc(force: boolean): void } };
  if (Bun) return () => Bun.gc(true);
  if (gc) return gc;
  try {
    const v8 = builtinModule<{ setFlagsFromString(flags: string): void }>("node:v8");
    const vm = builtinModule<{ runInNewContext(code: string): Collect }>("node:vm");
    v8?.setFlagsFromString("--expose-gc");
    return vm?.runInNewContext("gc");
  } catch {
    return undefined;
  }
}
