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
  const collect = collector();
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await turn();
    collect?.();
    await turn();
    if (reference.deref() === undefined) return true;
  }
  return false;
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
