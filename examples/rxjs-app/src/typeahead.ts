import { toObservable } from "@anywhen/rxjs";
import {
  asyncScheduler,
  catchError,
  debounceTime,
  distinctUntilChanged,
  map,
  type Observable,
  of,
  type SchedulerLike,
  switchMap,
} from "rxjs";

/** What the box shows below the text. */
export interface Answer {
  readonly text: string;
  readonly words: readonly string[];
  /** Why there are no words. */
  readonly error?: unknown;
}

export interface TypeaheadOptions {
  /** How long the typist has to pause. Default 200 ms. */
  readonly pauseMs?: number;
  /** The pause's clock. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Answers to what is being typed. `switchMap` unsubscribes from the search that is under way when the
 * next one starts, and that cancels it: its request is aborted, its pauses and deadlines are gone.
 */
export function typeahead(
  typed$: Observable<string>,
  search: (text: string) => Promise<string[]>,
  { pauseMs = 200, scheduler = asyncScheduler }: TypeaheadOptions = {},
): Observable<Answer> {
  return typed$.pipe(
    map((text) => text.trim()),
    debounceTime(pauseMs, scheduler),
    distinctUntilChanged(),
    switchMap((text) => (text === "" ? of({ text, words: [] }) : answer$(text, search))),
  );
}

function answer$(text: string, search: (text: string) => Promise<string[]>): Observable<Answer> {
  return toObservable(() => search(text), { name: `search ${text}` }).pipe(
    map((words) => ({ text, words })),
    // Here, not behind switchMap: one search that failed must not end the box.
    catchError((error: unknown) => of({ text, words: [], error })),
  );
}
