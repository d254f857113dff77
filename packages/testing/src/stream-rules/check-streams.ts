import { AssertionError } from "../assertion-error.ts";
import { inRun } from "../in-run.ts";
import { told } from "../shown.ts";

/** One rule, as it applies to a kind of stream. */
export interface StreamRule<B> {
  /** Its number, as in the documentation. */
  readonly rule: string;
  /** What is true of a stream that keeps it. */
  readonly title: string;
  /** What a subject must have for it to be checked. */
  readonly needs?: string;
  /** @throws whatever, if the rule is broken */
  check(bench: B): Promise<void>;
}

/** What a check of streams resolves with. */
export interface StreamReport {
  /** The rules that the stream keeps. */
  readonly checked: readonly string[];
  /** The rules that were not checked, and what they would need. */
  readonly skipped: readonly string[];
}

/**
 * Checks the rules one after the other, each on a bench of its own; where that is a text, it says what
 * is missing to check the rule.
 *
 * @throws AssertionError that lists every rule that is broken, and how
 */
export function checkStreams<B extends { clear(): Promise<void> }>(
  caller: string,
  rules: readonly StreamRule<B>[],
  benchFor: (rule: StreamRule<B>) => B | string,
): Promise<StreamReport> {
  return inRun(async () => {
    const checked: string[] = [];
    const skipped: string[] = [];
    const broken: string[] = [];
    for (const rule of rules) {
      const name = `${rule.rule}: ${rule.title}`;
      const bench = benchFor(rule);
      if (typeof bench === "string") skipped.push(`${name} (needs ${bench})`);
      else {
        const failure = await failureOf(rule, bench);
        if (failure === undefined) checked.push(name);
        else broken.push(`${name}\n    ${failure}`);
      }
    }
    if (broken.length === 0) return { checked, skipped };
    const count = `${broken.length} of ${broken.length + checked.length} rules`;
    throw new AssertionError(
      `${caller}: this stream breaks ${count}\n${broken.map((text) => `  ${text}`).join("\n")}`,
    );
  }, caller);
}

async function failureOf<B extends { clear(): Promise<void> }>(
  { check }: StreamRule<B>,
  bench: B,
): Promise<string | undefined> {
  try {
    await check(bench);
    return undefined;
  } catch (error) {
    return error instanceof AssertionError ? error.message : `it threw ${told(error)}`;
  } finally {
    // A checkpoint: if the check itself was cancelled, no stream is to blame.
    await bench.clear();
  }
}
