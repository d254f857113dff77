import { rxjsBackend } from "@anywhen/rxjs";
import { currentTask, run, sleep } from "anywhen";
import { Subject, VirtualTimeScheduler } from "rxjs";
import { expect, test } from "vitest";
import { search, type Request } from "../src/search.ts";
import { typeahead } from "../src/typeahead.ts";

/** A box, a typist and a dictionary, all in the time of one virtual scheduler. */
async function typing(
  keys: readonly (readonly [at: number, text: string])[],
  request: (log: (event: string) => void) => Request,
  leaveAt = 60_000,
): Promise<string[]> {
  const scheduler = new VirtualTimeScheduler();
  const log: string[] = [];
  const note = (event: string): void => void log.push(`${scheduler.now()} ${event}`);
  await run(
    async () => {
      const typed = new Subject<string>();
      const ask = request(note);
      const answers = typeahead(typed, (text) => search(text, ask), { scheduler }).subscribe(
        ({ text, words, error }) =>
          note(
            error === undefined
              ? `${text}: ${words.join(" ")}`
              : `${text}: ${(error as Error).message}`,
          ),
      );
      for (const [at, text] of keys) {
        await sleep(at - scheduler.now());
        typed.next(text);
      }
      await sleep(leaveAt - scheduler.now());
      answers.unsubscribe();
      await sleep(60_000);
    },
    { backend: rxjsBackend({ scheduler }) },
  );
  return log;
}

/** Answers after `ms`, and notes when it is asked and when it is cancelled. */
function answersAfter(ms: number): (log: (event: string) => void) => Request {
  return (log) => async (prefix) => {
    log(`asked ${prefix}`);
    let answered = false;
    try {
      await sleep(ms);
      answered = true;
      return [`${prefix}-1`, `${prefix}-2`];
    } finally {
      if (!answered) log(`cancelled ${prefix}`);
    }
  };
}

test("asks only when the typist pauses, and not twice for the same", async () => {
  const keys = [
    [0, "o"],
    [100, "ob"],
    [150, "obs "],
    [1_000, "obs"],
  ] as const;
  expect(await typing(keys, answersAfter(300))).toEqual(["350 asked obs", "650 obs: obs-1 obs-2"]);
});

test("typing on cancels the request that is under way", async () => {
  const keys = [
    [0, "obs"],
    [400, "obser"],
  ] as const;
  expect(await typing(keys, answersAfter(500))).toEqual([
    "200 asked obs",
    "600 cancelled obs",
    "600 asked obser",
    "1100 obser: obser-1 obser-2",
  ]);
});

test("leaving cancels the request that is under way, and nothing is asked after that", async () => {
  expect(await typing([[0, "obs"]], answersAfter(500), 300)).toEqual([
    "200 asked obs",
    "300 cancelled obs",
  ]);
});

test("an empty box has an empty answer, without a request", async () => {
  expect(await typing([[0, "  "]], answersAfter(500))).toEqual(["200 : "]);
});

test("a slow dictionary is asked three times, with longer pauses; the box goes on after that", async () => {
  let asked = 0;
  const recovering: Parameters<typeof typing>[1] = (log) => (prefix) =>
    answersAfter(asked++ < 3 ? 5_000 : 10)(log)(prefix);
  const log = await typing(
    [
      [0, "obs"],
      [10_000, "obv"],
    ],
    recovering,
  );
  expect(log).toEqual([
    "200 asked obs",
    "1200 cancelled obs",
    "1300 asked obs",
    "2300 cancelled obs",
    "2500 asked obs",
    "3500 cancelled obs",
    "3500 obs: the operation timed out after 1000 ms",
    "10200 asked obv",
    "10210 obv: obv-1 obv-2",
  ]);
});

test("each search is a task of its own, named after what it looks for", async () => {
  const log = await typing([[0, "obs"]], (note) => async () => {
    note(currentTask().name);
    return [];
  });
  expect(log).toEqual(["200 search obs", "200 obs: "]);
});
