import { backend } from "@anywhen/rxjs";
import { run } from "anywhen";
import { firstValueFrom, Subject } from "rxjs";
import { expect, test } from "vitest";
import { startDictionary } from "../src/dictionary.ts";
import { httpRequest } from "../src/http-request.ts";
import { search } from "../src/search.ts";
import { typeahead } from "../src/typeahead.ts";

test("unsubscribing aborts the request on the wire", async () => {
  const log: string[] = [];
  let tell = (): void => {};
  const logged = async (event: string): Promise<void> => {
    while (!log.includes(event)) await new Promise<void>((resolve) => (tell = resolve));
  };
  await run(
    async () => {
      // It would think for longer than a search has patience.
      const dictionary = await startDictionary(60_000, (event) => {
        log.push(event);
        tell();
      });
      const typed = new Subject<string>();
      const request = httpRequest(dictionary.url);
      const answers = typeahead(typed, (text) => search(text, request), { pauseMs: 1 }).subscribe();
      typed.next("obs");
      await logged("asked for obs");
      typed.next("obv");
      await logged("aborted obs");
      await logged("asked for obv");
      answers.unsubscribe();
      await logged("aborted obv");
      dictionary.close();
    },
    { backend },
  );
  expect(log).toEqual(["asked for obs", "aborted obs", "asked for obv", "aborted obv"]);
});

test("an answer over HTTP comes through", async () => {
  const dictionary = await startDictionary(1, () => {});
  const typed = new Subject<string>();
  const request = httpRequest(dictionary.url);
  const answer = firstValueFrom(typeahead(typed, (text) => search(text, request), { pauseMs: 1 }));
  typed.next("obv");
  expect(await answer).toEqual({ text: "obv", words: ["obvious"] });
  dictionary.close();
});
