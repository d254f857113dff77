import { backend } from "@anywhen/rxjs";
import { run, shield, sleep } from "anywhen";
import { Subject } from "rxjs";
import { startDictionary } from "./dictionary.ts";
import { httpRequest } from "./http-request.ts";
import { search } from "./search.ts";
import { typeahead } from "./typeahead.ts";

/** Somebody types "obs", waits a little too short for an answer, and goes on. */
async function main(): Promise<void> {
  const dictionary = await startDictionary(150, (event) => console.log(`  dictionary: ${event}`));
  const request = httpRequest(dictionary.url);
  const typed = new Subject<string>();
  const answers = typeahead(typed, (text) => search(text, request), { pauseMs: 50 }).subscribe(
    ({ text, words }) => console.log(`${text}: ${words.join(", ")}`),
  );
  try {
    for (const [text, pauseMs] of [
      ["o", 20],
      ["obs", 120],
      ["obser", 400],
      ["obv", 100],
    ] as const) {
      console.log(`typed ${text}`);
      typed.next(text);
      await sleep(pauseMs);
    }
    console.log("the page is left");
  } finally {
    answers.unsubscribe();
    // Time for the dictionary to hear of it, also when the run itself is being cancelled.
    await shield(() => sleep(50));
    dictionary.close();
  }
}

await run(main, { backend, signals: ["SIGINT", "SIGTERM"] });
