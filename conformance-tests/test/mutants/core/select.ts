import type { CoreMutant } from "../mutant.ts";

/** M14 to M17: faults in `select()`. */
export const selectMutants: readonly CoreMutant[] = [
  {
    fault: "commits every case of a select that is ready",
    breaks: ["M14.1"],
    message: /one item is taken and the other stays/,
    file: "stream/select.ts",
    find: "if (named[1].ready()) ready.push(named);",
    replace:
      "if (named[1].ready()) { ready.push(named); if (ready.length > 1) named[1].commit(); }",
  },
  {
    fault: "leaves a select that was served in the other queues",
    breaks: ["M17.2"],
    message: /leaves every queue at once/,
    file: "stream/selection.ts",
    find: "registration.queue?.remove(registration);",
    replace: "continue;",
  },
  {
    fault: "leaves the timer of a select that was served",
    breaks: ["M14.10", "M17.4"],
    message: /timer/,
    file: "stream/selection.ts",
    find: "registration.queue?.remove(registration);",
    replace:
      'if (registration.queue?.describe()?.startsWith("the instant") !== true) registration.queue?.remove(registration);',
  },
  {
    fault: "takes the first ready case of a select always",
    breaks: ["M15.1"],
    message: /No ready case starves/,
    file: "stream/select.ts",
    find: "ready[nextOf(ready.length, engine)]",
    replace: "ready[0]",
  },
  {
    fault: "takes the cases of all selects in turn",
    breaks: ["M15.2"],
    message: /two loops select in turn/,
    file: "stream/select.ts",
    find: "return Math.floor(((choice * goldenRatio) % 1) * count);",
    replace: "return choice % count;",
  },
  {
    fault: "ignores the priority of a select",
    breaks: ["M15.3"],
    message: /With priority the first ready case/,
    file: "stream/select.ts",
    find: "options.priority === true ? firstReady(all)",
    replace: "options.priority === undefined ? firstReady(all)",
  },
  {
    fault: "waits in select for a stream that has ended",
    breaks: ["M16.1", "M16.4"],
    message: /makes select throw EndOfStream/,
    file: "stream/select-case.ts",
    find: "return this.stream.failure(); } ready(): boolean { return this.stream.channel.canTake;",
    replace: "return undefined; } ready(): boolean { return this.stream.channel.canTake;",
  },
  {
    fault: "takes a stream that ends while select waits for an item",
    breaks: ["M16.5", "M16.6"],
    message: /ends while select waits/,
    file: "stream/selection.ts",
    find: "return this.waiter.fail(error);",
    replace: "return this.waiter.resume({ case: this.name, value: error });",
  },
  {
    fault: "commits a case of a select in a cancelled scope",
    breaks: ["M17.1", "K1.105"],
    message: /in a cancelled scope it commits nothing/,
    file: "stream/select.ts",
    find: "const refusal = refusedIn(scope);",
    replace: "const refusal = undefined;",
  },
];
