/** Where the author of a backend looks first when a rule is broken. */
const ofRules: Readonly<Record<string, string>> = {
  B1: "name and capabilities of the backend object.",
  B2: "state that several runs share: one backend object may host any number of runs at a time.",
  B3: "now() and setTimer(): both go by one clock, and timers fire in the order of their instants.",
  B4: "capabilities.hostCancel: claim it only if something of your host's calls task.cancel(). Then pass on to task.settled() what task.run() resolved with.",
  B5: "task.settled(): it gets the very outcome that task.run() resolved with, with nothing wrapped.",
  B5a: "wake(): it calls resume() once. Nothing may poll.",
  B6: "the same as B12, and host handles that one task passes on to another.",
  B10: "reschedule() and setTimer(): give the callback to the host (queueMicrotask, setImmediate, setTimeout) and return; do not call it, however short the delay. spawn() and run() call task.run() and then wait for its promise before they call task.settled().",
  B11: "your queues: add at the end, take from the front (shift, not pop), and let nothing overtake, such as a microtask that passes what waits for a macrotask.",
  B12: "reschedule() and setTimer(): hand each callback to the host by itself, or bind it when you get it (AsyncResource.bind of node:async_hooks).",
  B13: "whatever calls the callbacks: give each a try of its own, and throw what it threw where the host reports it: queueMicrotask(() => { throw error; }).",
  B14: "reschedule(): microtasks alone starve timers and I/O, and a setTimeout each is too slow. Take setImmediate, a message to yourself (MessageChannel), or eventLoop.reschedule of @anywhen/core, which mixes both.",
  B15: "now() and setTimer(): take a monotonic clock (performance.now(), not Date.now()), and set the host's timer again if it fires before its instant by that clock. eventLoop.now and eventLoop.setTimer of @anywhen/core do so.",
  B16: "what setTimer() returns: cancel() clears the host's timer and drops the callback.",
  B17: "spawn() and run(): call task.run() once and task.settled() once, also when the task failed or was cancelled, and resolve run() after that.",
  B18: "what cancels a task in your host: it calls task.cancel() and reports the end only after task.settled().",
  K4: "reschedule(), as for B14.",
  K5: "reschedule() and wake(), as for B11.",
  C13: "reschedule(), as for B14.",
  C21: "what setTimer() returns, as for B16.",
  M10: "what your queues and timers still hold after they have called back, as for B16.",
  T3: "spawn(): task.attach() and task.run() are called in turn, for each task in the order of the calls.",
};

const ofAreas: Readonly<Record<string, string>> = {
  K: "reschedule(), through which a task gives way, and wake(), through which it goes on.",
  C: "setTimer() and now(), by which deadlines come, and wake(), by which cancellation arrives.",
  T: "spawn(), task.run() and task.settled().",
  H: "spawn(), task.run() and task.settled().",
  L: "wake(): without it, or with resume() called at once, waiters go on in the order of their queue.",
  M: "wake(): without it, or with resume() called at once, waiters go on in the order of their queue.",
  D: "task.settled(): it gets the very outcome that task.run() resolved with.",
};

/** What of a backend to look at when `rule` is broken. */
export function hintFor(rule: string): string {
  return ofRules[rule] ?? ofAreas[rule.charAt(0)] ?? "the whole backend.";
}
