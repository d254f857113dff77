import { shown } from "../shown.ts";

/** @throws TypeError for what makes no streams, or options that make no sense */
export function checkMaker(make: unknown, options: object, caller: string): void {
  if (typeof make !== "function") {
    throw new TypeError(
      `${caller} takes a function that makes a new stream each time, got ${shown(make)}`,
    );
  }
  const { patience, item, same, afterLoop } = options as Readonly<Record<string, unknown>>;
  if (patience !== undefined && !(typeof patience === "number" && patience > 0)) {
    throw new RangeError(`${caller}: patience is a number of milliseconds, got ${shown(patience)}`);
  }
  for (const [name, value] of Object.entries({ item, same })) {
    if (value === undefined || typeof value === "function") continue;
    throw new TypeError(`${caller}: ${name} is a function, got ${shown(value)}`);
  }
  if (afterLoop !== undefined && afterLoop !== "open" && afterLoop !== "closed") {
    throw new RangeError(`${caller}: afterLoop is "open" or "closed", got ${shown(afterLoop)}`);
  }
}

/** @throws TypeError unless a maker made an object with a stream and these functions */
export function checkSubject(
  subject: unknown,
  streamMethods: readonly string[],
  methods: readonly string[],
  caller: string,
): void {
  const { stream } = (subject ?? {}) as { readonly stream?: unknown };
  checkStreamOf(subject, `{ stream, ${methods.join(", ")} }`, methods, caller);
  checkStreamOf(stream, `a stream with ${streamMethods.join("() and ")}()`, streamMethods, caller);
}

/** @throws TypeError unless a maker made an object with these functions */
export function checkStreamOf(
  made: unknown,
  wanted: string,
  methods: readonly string[],
  caller: string,
): void {
  const object = made as Readonly<Record<string, unknown>> | null | undefined;
  const missing = methods.filter((name) => typeof object?.[name] !== "function");
  if (typeof object === "object" && object !== null && missing.length === 0) return;
  const lack = missing.length === 0 ? "" : `, which lacks ${missing.join(", ")}`;
  throw new TypeError(`${caller}: the function is to make ${wanted}, got ${shown(made)}${lack}`);
}
