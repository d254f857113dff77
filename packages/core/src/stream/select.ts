import { shown } from "../shown.ts";
import { ambient } from "../context.ts";
import type { Engine } from "../engine.ts";
import { keepShapes } from "../kept-shapes.ts";
import { defaultEngine } from "../registry.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import { Event } from "../sync/event.ts";
import { failedIn, parkIn, passedIn, refusedIn } from "../wait.ts";
import { memoryStream } from "./memory-stream.ts";
import { type Case, elapsed, happened, receiving, SelectCase, sending } from "./select-case.ts";
import { type Chosen, Registration, Selection } from "./selection.ts";

/** The name of the case that was committed, and its value: a union to switch over. */
export type Selected<C> = {
  [K in keyof C]: { case: K; value: C[K] extends Case<infer V> ? V : never };
}[keyof C];

/**
 * Waits for the first case that can proceed and commits exactly that one; the others have no
 * effect. Of several that can, each gets its turn, unless `priority` is true: then the first in
 * order is taken. A checkpoint: cancelled, it has committed nothing. [M14-M17]
 *
 * A case whose stream has ended, broken or been closed makes the call throw what that stream's call
 * would have thrown, before any other case is committed; with `priority`, before any later one.
 *
 * @throws what a case's call throws [M16]; RangeError for no cases at all; TypeError for what is no case
 *
 * @example
 * const chosen = await select({ job: receiving(jobs), stop: happened(stopped), idle: elapsed(5_000) });
 * if (chosen.case === "job") await work(chosen.value);
 */
export function select<const C extends Record<string, Case<unknown>>>(
  cases: C,
  options: { priority?: boolean } = {},
): Promise<Selected<C>> {
  const wrong = wrongArgument(cases, options);
  if (wrong !== undefined) return Promise.reject(wrong);
  const scope = ambient.getStore();
  const refusal = refusedIn(scope);
  if (refusal !== undefined) return refusal;
  keepShapes(selectShapes);
  const engine = scope?.engine ?? defaultEngine();
  const all = Object.entries(cases) as unknown as NamedCase[];
  let chosen: NamedCase | undefined;
  try {
    chosen = options.priority === true ? firstReady(all) : anyReady(all, engine);
  } catch (error) {
    return failedIn(scope, error);
  }
  const outcome =
    chosen === undefined
      ? parked(scope, all, engine)
      : passedIn<Chosen>(scope, { case: chosen[0], value: chosen[1].commit() });
  return outcome as Promise<Selected<C>>;
}

type NamedCase = readonly [name: string, selectCase: SelectCase<unknown>];

function wrongArgument(
  cases: unknown,
  options: { readonly priority?: unknown },
): Error | undefined {
  if (typeof cases !== "object" || cases === null) {
    return new TypeError(`select() takes an object of named cases, got ${shown(cases)}`);
  }
  const all = Object.entries(cases);
  if (all.length === 0)
    return new RangeError("select() of no cases would wait for ever: name at least one");
  for (const [name, value] of all) {
    if (value instanceof SelectCase) continue;
    return new TypeError(
      `select(): case ${JSON.stringify(name)} is no case but ${shown(value)}: ` +
        "make it with receiving(), sending(), elapsed() or happened()",
    );
  }
  const { priority } = options;
  if (priority === undefined || typeof priority === "boolean") return undefined;
  return new TypeError(`select(): priority is true or false, got ${shown(priority)}`);
}

/** In the order in which they were written. */
function firstReady(all: readonly NamedCase[]): NamedCase | undefined {
  for (const named of all) {
    const failure = named[1].failure();
    if (failure !== undefined) throw failure;
    if (named[1].ready()) return named;
  }
  return undefined;
}

function anyReady(all: readonly NamedCase[], engine: Engine): NamedCase | undefined {
  const ready: NamedCase[] = [];
  for (const named of all) {
    const failure = named[1].failure();
    if (failure !== undefined) throw failure;
    if (named[1].ready()) ready.push(named);
  }
  return ready.length < 2 ? ready[0] : ready[nextOf(ready.length, engine)];
}

/** How many choices each backend's selects have made so far. */
const choices = new WeakMap<Engine, number>();
const goldenRatio = 0.618033988749895;

/**
 * Fair and the same in every replay: steps of the golden ratio around a circle visit every sector
 * evenly, and so does every n-th of them. A plain counter does not: two loops that take turns over
 * two cases each would always get the same one. [M15]
 */
function nextOf(count: number, engine: Engine): number {
  const choice = (choices.get(engine) ?? 0) + 1;
  choices.set(engine, choice);
  return Math.floor(((choice * goldenRatio) % 1) * count);
}

function parked(
  scope: CancelScope | undefined,
  all: readonly NamedCase[],
  engine: Engine,
): Promise<Chosen> {
  const waiter = parkIn<Chosen>(scope);
  const selection = new Selection();
  waiter.standIn(selection);
  for (const [name, selectCase] of all) {
    // To join a broadcast may free its sender at once, which serves this very wait.
    if (waiter.settled) break;
    const registration = new Registration(name, waiter);
    selection.add(registration);
    selectCase.join(registration, engine);
  }
  return waiter.promise;
}

function selectShapes(): unknown {
  const [send, receive] = memoryStream(1);
  const cases = [receiving(receive), sending(send, undefined), elapsed(1.5), happened(new Event())];
  return [cases, new Selection(), new Registration("", undefined as never)];
}
