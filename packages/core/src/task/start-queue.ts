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

/** What the next one to come waits for, and how many more may wait for that. */
let gate = soon;
let room = batch;
/** Of those whose gate is open, how many have not begun. */
let ahead = 0;
/** What opens the gates that are still closed, the first first. */
const closed: (() => void)[] = [];

/**
 * The task begins in a later microtask, in the async context of this call, in the order of the calls.
 * Reactions run in the order in which they are made, and so need no closures to know what to start.
 */
export function startSoon(hosting: Hosting): void {
  if (last === undefined) first = hosting;
  else last.following = hosting;
  last = hosting;
  if (room === 0) closeGate();
  room--;
  if (closed.length === 0) ahead++;
  void gate.then(startFirst);
}

// Apart: a closure in a function costs its every call a context.
function closeGate(): void {
  gate = new Promise((resolve) => closed.push(resolve));
  room = batch;
}

function startFirst(): void {
  const { task, following } = first as Hosting;
  first = following;
  if (following === undefined) last = undefined;
  if (--ahead === 0) openGate();
  task.execute();
}

function openGate(): void {
  const open = closed.shift();
  if (open === undefined) {
    gate = soon;
    room = batch;
  } else {
    ahead = closed.length === 0 ? batch - room : batch;
    open();
  }
}
