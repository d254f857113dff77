import {
  CancelScope,
  CapacityLimiter,
  Condition,
  Lock,
  run,
  Semaphore,
  waitAllTasksBlocked,
  type ConditionLease,
  type Lease,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

/*
 * Random programs against a model that is as plain as can be: an array of holders, an array of those
 * who wait. The steps of a program follow each other without an await, so that hand-overs and
 * cancellations race in one turn; "settle" lets everything come to rest. After every step the
 * statistics must be the model's.
 */

/** Fixed, so that a failure is one for everybody. */
const parameters = { seed: 20_240_229, numRuns: 300 };

/** Picks the `pick`-th of what there is, going round. */
function at<T>(items: readonly T[], pick: number): T | undefined {
  return items[pick % items.length];
}

interface Lending {
  readonly holders: number[];
  readonly waiting: number[];
}

/** What a limiter, a semaphore or a lock is, without promises. */
class LenderModel implements Lending {
  readonly holders: number[] = [];
  readonly waiting: number[] = [];
  total: number;

  constructor(total: number) {
    this.total = total;
  }

  acquire(id: number): void {
    this.waiting.push(id);
    this.serve();
  }

  acquireNowait(id: number): boolean {
    if (this.holders.length >= this.total) return false;
    this.holders.push(id);
    return true;
  }

  release(id: number): void {
    this.holders.splice(this.holders.indexOf(id), 1);
    this.serve();
  }

  cancel(id: number): void {
    const place = this.waiting.indexOf(id);
    if (place !== -1) this.waiting.splice(place, 1);
  }

  resize(total: number): void {
    this.total = total;
    this.serve();
  }

  private serve(): void {
    while (this.holders.length < this.total && this.waiting.length > 0) {
      this.holders.push(this.waiting.shift() as number);
    }
  }
}

/** What a program does to the real thing, and how it reads its state. */
interface Lender {
  acquire(id: number): Promise<Lease>;
  acquireNowait(id: number): Lease;
  resize(total: number): void;
  /** Must equal `expected(model)`. */
  state(): unknown;
  expected(model: LenderModel): unknown;
}

type Step =
  | { readonly do: "acquire" | "nowait" | "settle" }
  | { readonly do: "release" | "cancel" | "resize"; readonly pick: number };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Step>({ do: "acquire" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "nowait" }) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: "settle" }) },
  { weight: 4, arbitrary: fc.nat(50).map((pick): Step => ({ do: "release", pick })) },
  { weight: 3, arbitrary: fc.nat(50).map((pick): Step => ({ do: "cancel", pick })) },
  { weight: 1, arbitrary: fc.nat(4).map((pick): Step => ({ do: "resize", pick })) },
);
/** Long programs: by default fast-check makes arrays of ten at most, in which hardly anything meets. */
const programArbitrary: fc.Arbitrary<Step[]> = fc.array(stepArbitrary, {
  minLength: 1,
  maxLength: 60,
  size: "max",
});

/** Runs a program on both, and lets everybody go in the end: nothing may be lost or doubled. */
async function checkLender(lender: Lender, total: number, program: readonly Step[]): Promise<void> {
  const model = new LenderModel(total);
  const scopes: CancelScope[] = [];
  const leases = new Map<number, Lease>();
  const outcomes: string[] = [];

  const acquire = async (id: number, scope: CancelScope): Promise<void> => {
    await scope.run(async () => leases.set(id, await lender.acquire(id)));
    outcomes[id] = leases.has(id) ? "granted" : "cancelled";
  };
  const released = (id: number): void => {
    leases.get(id)?.release();
    leases.delete(id);
    model.release(id);
  };
  const steps = {
    acquire(): void {
      const scope = new CancelScope();
      const id = scopes.push(scope) - 1;
      void acquire(id, scope);
      model.acquire(id);
    },
    nowait(): void {
      const id = scopes.push(new CancelScope()) - 1;
      outcomes[id] = "none";
      try {
        leases.set(id, lender.acquireNowait(id));
      } catch {
        expect(model.acquireNowait(id)).toBe(false);
        return;
      }
      expect(model.acquireNowait(id)).toBe(true);
    },
    release(pick: number): void {
      const id = at([...leases.keys()], pick);
      if (id !== undefined) released(id);
    },
    cancel(pick: number): void {
      const id = pick % Math.max(scopes.length, 1);
      scopes[id]?.cancel();
      model.cancel(id);
    },
    resize(pick: number): void {
      lender.resize(pick);
      model.resize(pick);
    },
  };

  for (const step of program) {
    if (step.do === "settle") {
      await waitAllTasksBlocked();
      expect(new Set(leases.keys())).toEqual(new Set(model.holders));
    } else if ("pick" in step) steps[step.do](step.pick);
    else steps[step.do]();
    expect(lender.state()).toEqual(lender.expected(model));
  }
  steps.resize(total);
  do {
    await waitAllTasksBlocked();
    for (const id of leases.keys()) released(id);
  } while (model.holders.length > 0);
  await waitAllTasksBlocked();
  expect(lender.state()).toEqual(lender.expected(new LenderModel(total)));
  expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(scopes.length);
}

function limiterOf(total: number): Lender {
  const limiter = new CapacityLimiter(total);
  const borrowers = new Map<number, object>();
  const borrowerOf = (id: number): object => {
    const borrower = { id };
    borrowers.set(id, borrower);
    return borrower;
  };
  return {
    acquire: (id) => limiter.acquireOnBehalfOf(borrowerOf(id)),
    acquireNowait: (id) => limiter.acquireOnBehalfOfNowait(borrowerOf(id)),
    resize(size) {
      limiter.totalTokens = size;
    },
    state: () => limiter.statistics(),
    // The order of the borrowers is the order of the grants: first come, first served.
    expected: ({ holders, waiting, total: totalTokens }) => ({
      borrowedTokens: holders.length,
      totalTokens,
      borrowers: holders.map((id) => borrowers.get(id)),
      tasksWaiting: waiting.length,
    }),
  };
}

function semaphoreOf(permits: number): Lender {
  const semaphore = new Semaphore(permits);
  return {
    acquire: () => semaphore.acquire(),
    acquireNowait: () => semaphore.acquireNowait(),
    resize: () => {},
    state: () => [semaphore.value, semaphore.statistics().tasksWaiting],
    expected: ({ holders, waiting }) => [permits - holders.length, waiting.length],
  };
}

function lockOf(): Lender {
  const lock = new Lock();
  return {
    acquire: () => lock.acquire(),
    acquireNowait: () => lock.acquireNowait(),
    resize: () => {},
    state: () => [lock.locked, lock.statistics().tasksWaiting],
    expected: ({ holders, waiting }) => [holders.length === 1, waiting.length],
  };
}

/** Only a limiter can be resized. */
const fixed = (program: readonly Step[]): Step[] => program.filter((step) => step.do !== "resize");

function onBackend(main: () => Promise<void>): Promise<void> {
  return run(main, { backend: promiseBackend() });
}

describe("random programs", () => {
  test("of a capacity limiter lose and double no token, and serve in order [L1, L3, L4, L5]", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3), programArbitrary, (total, program) =>
        onBackend(() => checkLender(limiterOf(total + 1), total + 1, program)),
      ),
      parameters,
    );
  });

  test("of a semaphore lose and double no permit [L1, L3, L4]", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3), programArbitrary, (permits, program) =>
        onBackend(() => checkLender(semaphoreOf(permits + 1), permits + 1, fixed(program))),
      ),
      parameters,
    );
  });

  test("of a lock lose and double no lease [L1, L3, L4]", async () => {
    await fc.assert(
      fc.asyncProperty(programArbitrary, (program) =>
        onBackend(() => checkLender(lockOf(), 1, fixed(program))),
      ),
      parameters,
    );
  });

  test("of a condition agree with the model on who holds, who waits and how each wait ended [L6]", async () => {
    await fc.assert(
      fc.asyncProperty(conditionProgramArbitrary, (program) =>
        onBackend(() => checkCondition(program)),
      ),
      parameters,
    );
  });
});

/** A lock, those who queue for it, and those who wait to be notified. */
class ConditionModel {
  holder: number | undefined;
  readonly queue: number[] = [];
  readonly waiting: number[] = [];
  /** Those in `queue` that cancellation no longer takes out. */
  readonly regaining = new Set<number>();
  /** How the waits ended, as far as decided, by id. */
  readonly ends: string[][] = [];

  acquire(id: number): void {
    this.ends[id] = [];
    if (this.holder === undefined) this.holder = id;
    else this.queue.push(id);
  }

  release(): void {
    this.holder = this.queue.shift();
    if (this.holder !== undefined) this.regaining.delete(this.holder);
  }

  wait(): void {
    this.waiting.push(this.holder as number);
    this.release();
  }

  notify(n: number): void {
    for (const id of this.waiting.splice(0, n)) this.regain(id, "notified");
  }

  cancel(id: number): void {
    if (this.queue.includes(id) && !this.regaining.has(id))
      this.queue.splice(this.queue.indexOf(id), 1);
    const place = this.waiting.indexOf(id);
    if (place === -1) return;
    this.waiting.splice(place, 1);
    this.regain(id, "cancelled");
  }

  private regain(id: number, end: string): void {
    this.ends[id]?.push(end);
    if (this.holder === undefined) {
      this.holder = id;
      return;
    }
    this.queue.push(id);
    this.regaining.add(id);
  }
}

type ConditionStep =
  | { readonly do: "acquire" | "wait" | "release" | "settle" }
  | { readonly do: "notify" | "cancel"; readonly pick: number };

const conditionProgramArbitrary: fc.Arbitrary<ConditionStep[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<ConditionStep>({ do: "acquire" }) },
    { weight: 4, arbitrary: fc.constant<ConditionStep>({ do: "wait" }) },
    { weight: 2, arbitrary: fc.constant<ConditionStep>({ do: "release" }) },
    { weight: 5, arbitrary: fc.constant<ConditionStep>({ do: "settle" }) },
    { weight: 3, arbitrary: fc.nat(3).map((pick): ConditionStep => ({ do: "notify", pick })) },
    { weight: 3, arbitrary: fc.nat(50).map((pick): ConditionStep => ({ do: "cancel", pick })) },
  ),
  { minLength: 1, maxLength: 80, size: "max" },
);

async function checkCondition(program: readonly ConditionStep[]): Promise<void> {
  const condition = new Condition();
  const model = new ConditionModel();
  const scopes: CancelScope[] = [];
  const leases = new Map<number, ConditionLease>();
  const ends: string[][] = [];
  /** The one whose code runs with the lock; undefined while the lock is on its way. */
  let active: number | undefined;

  const acquire = async (id: number): Promise<void> => {
    ends[id] = [];
    await scopes[id]?.run(async () => {
      leases.set(id, await condition.acquire());
      active = id;
    });
  };
  const wait = async (id: number): Promise<void> => {
    // Outside the scope that acquired: it has been left with the lease.
    const scope = new CancelScope();
    scopes[id] = scope;
    await scope.run(() => (leases.get(id) as ConditionLease).wait());
    ends[id]?.push(scope.cancelledCaught ? "cancelled" : "notified");
    active = id;
  };
  const steps = {
    acquire(): void {
      const id = scopes.push(new CancelScope()) - 1;
      void acquire(id);
      model.acquire(id);
    },
    wait(): void {
      if (active === undefined) return;
      void wait(active);
      active = undefined;
      model.wait();
    },
    release(): void {
      if (active === undefined) return;
      leases.get(active)?.release();
      active = undefined;
      model.release();
    },
    notify(pick: number): void {
      if (active === undefined) return;
      leases.get(active)?.notify(pick);
      model.notify(pick);
    },
    cancel(pick: number): void {
      const id = pick % Math.max(scopes.length, 1);
      scopes[id]?.cancel();
      model.cancel(id);
    },
  };
  const state = (): unknown => {
    const { tasksWaiting, lock } = condition.statistics();
    return [tasksWaiting, lock.locked, lock.tasksWaiting];
  };

  for (const step of program) {
    if (step.do === "settle") {
      await waitAllTasksBlocked();
      expect(active).toBe(model.holder);
    } else if ("pick" in step) steps[step.do](step.pick);
    else steps[step.do]();
    expect(state()).toEqual([model.waiting.length, model.holder !== undefined, model.queue.length]);
  }
  for (let left = scopes.length; left >= 0; left--) {
    await waitAllTasksBlocked();
    steps.notify(Infinity);
    steps.release();
  }
  for (const id of scopes.keys()) steps.cancel(id);
  while (model.holder !== undefined) {
    await waitAllTasksBlocked();
    expect(active).toBe(model.holder);
    steps.release();
  }
  expect(state()).toEqual([0, false, 0]);
  expect(ends).toEqual(model.ends);
}
