import fc from "fast-check";

/** A random program: what one task, scope or group does, step by step. Targets count modulo what there is. */
export type Step =
  | { readonly do: "checkpoint" }
  | { readonly do: "sleep"; readonly ms: number }
  /** Awaits that are no checkpoints: they shift the order of microtasks, or let a turn pass. */
  | { readonly do: "microtasks"; readonly count: number }
  | { readonly do: "turn" }
  | { readonly do: "throw" }
  | { readonly do: "cancel"; readonly target: number }
  | { readonly do: "deadline"; readonly target: number; readonly ms: number }
  | { readonly do: "unshield"; readonly target: number }
  | {
      readonly do: "scope";
      readonly shield: boolean;
      readonly ms: number | undefined;
      readonly steps: Steps;
    }
  | { readonly do: "moveOnAfter"; readonly ms: number; readonly steps: Steps }
  | { readonly do: "failAfter"; readonly ms: number; readonly steps: Steps }
  | { readonly do: "shield"; readonly ms: number; readonly steps: Steps }
  | { readonly do: "group"; readonly steps: Steps; readonly tasks: readonly Steps[] }
  | { readonly do: "spawn"; readonly group: number; readonly steps: Steps }
  | {
      readonly do: "start";
      readonly group: number;
      readonly before: Steps;
      readonly tells: boolean;
      readonly after: Steps;
    }
  | { readonly do: "swallow"; readonly steps: Steps }
  | { readonly do: "rescue"; readonly steps: Steps }
  | {
      readonly do: "cleanup";
      readonly steps: Steps;
      readonly shielded: boolean;
      readonly cleanup: Steps;
    }
  | { readonly do: "branch"; readonly left: Steps; readonly right: Steps };

export type Steps = readonly Step[];

/** What comes from another run at some instant. */
interface Intrusion {
  readonly at: number;
  readonly target: number;
}

export interface Program {
  readonly steps: Steps;
  readonly intrusions: readonly Intrusion[];
}

const target = fc.nat(40);
const time = fc.integer({ min: -1, max: 12 });

const { steps } = fc.letrec<{ steps: Steps; step: Step; leaf: Step; tree: Step }>((tie) => ({
  steps: fc.array(tie("step"), { maxLength: 4, depthIdentifier: "program" }),
  step: fc.oneof(
    { depthIdentifier: "program", depthSize: "medium", withCrossShrink: true },
    { arbitrary: tie("leaf"), weight: 1 },
    { arbitrary: tie("tree"), weight: 2 },
  ),
  leaf: fc.oneof(
    { arbitrary: fc.constant<Step>({ do: "checkpoint" }), weight: 4 },
    { arbitrary: time.map((ms): Step => ({ do: "sleep", ms })), weight: 6 },
    { arbitrary: fc.nat(6).map((count): Step => ({ do: "microtasks", count })), weight: 2 },
    { arbitrary: fc.constant<Step>({ do: "turn" }), weight: 1 },
    { arbitrary: fc.constant<Step>({ do: "throw" }), weight: 1 },
    { arbitrary: target.map((index): Step => ({ do: "cancel", target: index })), weight: 3 },
    {
      arbitrary: fc
        .record({ target, ms: time })
        .map((record): Step => ({ do: "deadline", ...record })),
      weight: 1,
    },
    { arbitrary: target.map((index): Step => ({ do: "unshield", target: index })), weight: 1 },
  ),
  tree: fc.oneof(
    fc.record<Step & { do: "scope" }>({
      do: fc.constant("scope"),
      shield: fc.boolean(),
      ms: fc.option(time, { nil: undefined }),
      steps: tie("steps"),
    }),
    fc.record<Step & { do: "moveOnAfter" }>({
      do: fc.constant("moveOnAfter"),
      ms: time,
      steps: tie("steps"),
    }),
    fc.record<Step & { do: "failAfter" }>({
      do: fc.constant("failAfter"),
      ms: time,
      steps: tie("steps"),
    }),
    fc.record<Step & { do: "shield" }>({
      do: fc.constant("shield"),
      ms: time,
      steps: tie("steps"),
    }),
    {
      arbitrary: fc.record<Step & { do: "group" }>({
        do: fc.constant("group"),
        steps: tie("steps"),
        tasks: fc.array(tie("steps"), { maxLength: 3, depthIdentifier: "program" }),
      }),
      weight: 5,
    },
    fc.record<Step & { do: "spawn" }>({
      do: fc.constant("spawn"),
      group: fc.nat(3),
      steps: tie("steps"),
    }),
    {
      arbitrary: fc.record<Step & { do: "start" }>({
        do: fc.constant("start"),
        group: fc.nat(3),
        before: tie("steps"),
        tells: fc.boolean(),
        after: tie("steps"),
      }),
      weight: 2,
    },
    fc.record<Step & { do: "swallow" }>({ do: fc.constant("swallow"), steps: tie("steps") }),
    {
      arbitrary: fc.record<Step & { do: "rescue" }>({
        do: fc.constant("rescue"),
        steps: tie("steps"),
      }),
      weight: 2,
    },
    fc.record<Step & { do: "cleanup" }>({
      do: fc.constant("cleanup"),
      steps: tie("steps"),
      shielded: fc.boolean(),
      cleanup: tie("steps"),
    }),
    fc.record<Step & { do: "branch" }>({
      do: fc.constant("branch"),
      left: tie("steps"),
      right: tie("steps"),
    }),
  ),
}));

/** Random programs: a group around everything, so that there is always something to spawn in. */
export const programs: fc.Arbitrary<Program> = fc.record({
  steps: fc
    .record({ steps, tasks: fc.array(steps, { minLength: 1, maxLength: 3 }) })
    .map((group): Steps => [{ do: "group", ...group }]),
  intrusions: fc.array(fc.record({ at: fc.integer({ min: 0, max: 12 }), target }), {
    maxLength: 2,
  }),
});
