import type { Hosting } from "./hosting.ts";

/**
 * Of tasks that are started together so many begin, and have their next step, before more do. The
 * promises and the async context of each live from the one to the other: of 100,000 at once they would
 * keep the garbage collector busier than the tasks do the processor.
 */
const batch = 100;

const soon = Promise.resolve();

/** Those that are to begin, the first first. */
let first: Hosting | undefined;
let last: Hosting | undefined;

/** What the newest batch waits for, and how many may still join it. */
let turn = soon;
let room = batch;
/** Of the batch whose turn it is, how many have not begun. */
let ahead = 0;
/** What gives each batch behind it its turn, the next one first. */
const behind: (() => void)[] = [];

/**
 * The task begins in a later microtask, in the async context of this call, and after those for which
 * this was called before. Reactions run in the order in which they are made, and so need no closures
 * to know what to begin.
 */
export function beginLater(hosting: Hosting): void {
  if (last === undefined) first = hosting;
  else last.following = hosting;
  last = hosting;
  if (room === 0) addBatch();
  room--;
  if (behind.length === 0) ahead++;
  void turn.then(beginFirst);
}

// Apart: a closure in a function costs its every call a context.
function addBatch(): void {
  turn = new Promise((resolve) => behind.push(resolve));
  room = batch;
}

function beginFirst(): void {
  const hosting = first as Hosting;
  first = hosting.following;
  if (first === undefined) last = undefined;
  // It may live long, and must not keep those that came after it.
  hosting.following = undefined;
  if (--ahead === 0) nextBatch();
  hosting.task.execute();
}

function nextBatch(): void {
  const giveTurn = behind.shift();
  if (giveTurn === undefined) {
    turn = soon;
    room = batch;
  } else {
    ahead = behind.length === 0 ? batch - room : batch;
    giveTurn();
  }
}
