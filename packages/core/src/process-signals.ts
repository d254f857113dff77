import { UsageError } from "./errors.ts";
import { longestTimer } from "./event-loop.ts";
import { builtinModule, hostProcess } from "./host.ts";
import { shown } from "./shown.ts";

interface OsModule {
  readonly constants: { readonly signals: Readonly<Record<string, number>> };
}

const { setInterval, clearInterval } = globalThis;

/**
 * Calls `onFirst` with the name of the first of `signals` that the process gets; a second one ends
 * the process with the conventional code, 128 and the signal's number. Returns what undoes it; until
 * then the process stays alive, since a listener alone does not keep it.
 *
 * @throws RangeError for a name the host does not know, UsageError on a host without signals
 */
export function onProcessSignals(
  signals: readonly string[],
  onFirst: (signal: string) => void,
): () => void {
  if (signals.length === 0) return () => {};
  const numbers = (builtinModule("node:os") as OsModule | undefined)?.constants.signals;
  if (numbers === undefined || hostProcess?.on === undefined) {
    throw new UsageError(
      "run({ signals }): this host has no process signals, pass { signal } instead",
    );
  }
  for (const signal of signals) {
    if (numbers[signal] !== undefined) continue;
    throw new RangeError(
      `run({ signals }): no signal is called ${shown(signal)}, names are like "SIGINT"`,
    );
  }
  let first = true;
  const listener = (signal: string): void => {
    if (first) {
      first = false;
      onFirst(signal);
    } else hostProcess?.exit?.(128 + (numbers[signal] ?? 0));
  };
  const keepAlive = setInterval(() => {}, longestTimer);
  const undo = (): void => {
    clearInterval(keepAlive);
    for (const signal of signals) hostProcess?.removeListener?.(signal, listener);
  };
  try {
    for (const signal of signals) hostProcess.on(signal, listener);
  } catch (error) {
    undo();
    throw new RangeError(`run({ signals }): ${signals.join(", ")} cannot all be caught`, {
      cause: error,
    });
  }
  return undo;
}
