import { AsyncLocalStorage } from "node:async_hooks";
import type { BackendMutant } from "../mutant.ts";

/** Backends whose clock or timers have a fault. */
export const timerMutants: readonly BackendMutant[] = [
  {
    fault: "fires timers early",
    breaks: ["B15.1"],
    message: /its instant has come.*did not fire early/,
    mutate: ({ setTimer }) => ({
      setTimer: (delayMs, callback) => setTimer(delayMs / 1_000, callback),
    }),
  },
  {
    fault: "truncates long timers",
    breaks: ["B15.3"],
    message: /does not fire at once.*\["fired"\] came/,
    mutate: ({ setTimer }) => ({
      setTimer: (delayMs, callback) => setTimer(delayMs % (2 ** 31 - 1), callback),
    }),
  },
  {
    fault: "fires timers synchronously when they are due at once",
    breaks: ["B10.3"],
    message: /never calls back synchronously/,
    mutate: ({ setTimer }) => ({
      setTimer(delayMs, callback) {
        if (delayMs > 0) return setTimer(delayMs, callback);
        callback();
        return { cancel: () => {} };
      },
    }),
  },
  {
    fault: "does not cancel timers",
    breaks: ["B16.1"],
    message: /A cancelled timer never fires/,
    mutate: ({ setTimer }) => ({
      setTimer(delayMs, callback) {
        setTimer(delayMs, callback);
        return { cancel: () => {} };
      },
    }),
  },
  {
    fault: "keeps the callback of a cancelled timer alive",
    breaks: ["B16.3"],
    message: /keeps its callback not alive/,
    mutate: ({ setTimer }) => {
      const callbacks: unknown[] = [];
      return {
        setTimer(delayMs, callback) {
          callbacks.push(callback);
          return setTimer(delayMs, callback);
        },
      };
    },
  },
  {
    fault: "keeps the callback with its cancelled timer",
    breaks: ["B16.3"],
    message: /keeps its callback not alive/,
    mutate: ({ setTimer }) => ({
      setTimer(delayMs, callback) {
        const timer = setTimer(delayMs, callback);
        return { cancel: () => timer.cancel(), callback };
      },
    }),
  },
  {
    fault: "keeps the process alive for cancelled timers",
    breaks: ["B16.4"],
    message: /does not keep the process alive.*expected \d+, and \d+ came/,
    mutate: () => ({
      setTimer(delayMs, callback) {
        let wanted: (() => void) | undefined = callback;
        setTimeout(() => wanted?.(), Math.min(delayMs, 5_000));
        return { cancel: () => void (wanted = undefined) };
      },
    }),
  },
  {
    fault: "has a clock that goes back",
    breaks: ["B15.5"],
    message: /never goes back.*after/,
    mutate: ({ now }) => {
      let reads = 0;
      return { now: () => now() - (++reads % 7) };
    },
  },
  {
    fault: "calls timers back in the async context it was made in",
    breaks: ["B12.2"],
    message: /AsyncLocalStorage context that registered it/,
    mutate: ({ setTimer }) => {
      const where = AsyncLocalStorage.snapshot();
      return { setTimer: (delayMs, callback) => setTimer(delayMs, () => where(callback)) };
    },
  },
  {
    fault: "swallows the error of a timer's callback",
    breaks: ["B13.3"],
    message: /the error was reported/,
    mutate: ({ setTimer }) => ({
      setTimer: (delayMs, callback) =>
        setTimer(delayMs, () => {
          try {
            callback();
          } catch {
            // The fault: nobody hears of it.
          }
        }),
    }),
  },
  {
    fault: "throws when a timer is cancelled that has fired",
    breaks: ["B16.2"],
    message: /cancelled twice, and after it has fired/,
    mutate: ({ setTimer }) => ({
      setTimer(delayMs, callback) {
        let over = false;
        const timer = setTimer(delayMs, () => {
          over = true;
          callback();
        });
        return {
          cancel() {
            if (over) throw new Error("no such timer");
            over = true;
            timer.cancel();
          },
        };
      },
    }),
  },
  {
    fault: "has a clock that lags behind its timers",
    breaks: ["B15.1"],
    message: /its instant has come.*did not fire early/,
    mutate: ({ now }) => ({ now: () => Math.floor(now() / 1_000) * 1_000 }),
  },
  {
    fault: "claims a virtual clock and has none",
    breaks: ["B3.2"],
    message: /exact instants/,
    mutate: ({ capabilities }) => ({ capabilities: { ...capabilities, virtualTime: true } }),
  },
];
