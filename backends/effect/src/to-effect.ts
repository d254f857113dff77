import { detached, runFrom } from "@anywhen/core";
import { type Context, Effect } from "effect";
import { CallingFiber } from "./calling-fiber.ts";
import type { ErrorMapping } from "./cause.ts";
import { fromEffect } from "./from-effect.ts";
import { sharedBackend } from "./shared-backend.ts";
import { taskEffect } from "./task-fiber.ts";
import { TaskName, TaskSpans } from "./task-references.ts";

/** `fromEffect()` for effects that need the services `R`. */
export type RunEffect<R> = <A, E>(effect: Effect.Effect<A, E, R>) => Promise<A>;

export interface ToEffectOptions<E = never, Services extends readonly Service[] = readonly []> {
  /**
   * Tells which failure an error stands for, or `undefined` for a defect. It is asked about each leaf
   * of a `TaskGroupError`, and never about what was a defect in an effect already. Without it every
   * error is a defect.
   */
  readonly catch?: (error: unknown) => E;
  /** The services that the function needs, by their keys, so that the effect requires them. */
  readonly services?: Services;
  /** Name of the task, for diagnostics. Default: the function's name, else "toEffect". */
  readonly name?: string;
  /** Gives the task, and each task that it starts, a span. See `TaskSpans`. */
  readonly spans?: boolean;
}

type Service = Context.Key<unknown, unknown>;
type Failure<E> = Exclude<E, undefined | void>;

/**
 * An async function as an effect: its task is the calling fiber itself. It sees that fiber's
 * services, clock and current span through `run` and `fromEffect()`, its sleeps and deadlines are the
 * clock's, and so it is for every library below that is written against `anywhen`.
 *
 * Interrupting the effect cancels the function's scope, and the interruption ends when the function
 * and all its tasks have unwound. Scopes around the effect have no say: between them and the
 * function stands what Effect knows of interruption. An error is a defect unless `catch` knows the
 * failure; the same object in either case. A `TaskGroupError` becomes a cause with a reason for each
 * of its leaves. A function that is cancelled from within ends as interrupted.
 *
 * The services cannot be inferred from an async body: name them by their keys, or annotate `run`.
 *
 * @example
 * const load = (id: string) =>
 *   toEffect(async (run) => parse(await run(Effect.flatMap(Files, (files) => files.read(id)))), {
 *     services: [Files],
 *     catch: (error) => (error instanceof ParseError ? error : undefined),
 *   });
 */
export function toEffect<A, const Services extends readonly Service[], E = never>(
  fn: (run: RunEffect<Context.Service.Identifier<Services[number]>>) => A | PromiseLike<A>,
  options: ToEffectOptions<E, Services> & { readonly services: Services },
): Effect.Effect<A, Failure<E>, Context.Service.Identifier<Services[number]>>;
export function toEffect<A, R = never>(
  fn: (run: RunEffect<R>) => A | PromiseLike<A>,
  options?: Omit<ToEffectOptions, "catch" | "services">,
): Effect.Effect<A, never, R>;
export function toEffect<A, E, R = never>(
  fn: (run: RunEffect<R>) => A | PromiseLike<A>,
  options: Omit<ToEffectOptions, "catch" | "services"> & { readonly catch: (error: unknown) => E },
): Effect.Effect<A, Failure<E>, R>;
export function toEffect(
  fn: (run: RunEffect<unknown>) => unknown,
  options: ToEffectOptions<unknown, readonly Service[]> = {},
): Effect.Effect<unknown, unknown, unknown> {
  const { catch: mapping, name = fn.name || "toEffect", spans = false } = options;
  const effect = Effect.suspend(() =>
    onCallingFiber(() => fn(fromEffect as RunEffect<unknown>), name, mapping),
  ).pipe(Effect.provideService(TaskName, name));
  if (!spans) return effect;
  return effect.pipe(Effect.withSpan(name), Effect.provideService(TaskSpans, true));
}

function onCallingFiber(
  body: () => unknown,
  name: string,
  mapping: ErrorMapping | undefined,
): Effect.Effect<unknown, unknown> {
  let caller: CallingFiber;
  return taskEffect(
    (fiber) => {
      caller = new CallingFiber(fiber);
      const options = { backend: sharedBackend(fiber.context), name };
      // Detached: the scope that an outer fromEffect() was called in reaches here by interruption,
      // which Effect may hold back, and not by itself. What becomes of it is told by `ended`.
      void detached(() => runFrom(caller, body, options)).catch(() => {});
      return caller.task;
    },
    mapping,
    (task, outcome) => {
      task.settled(outcome);
      caller.leave();
    },
  );
}
