import {
  Barrier,
  CapacityLimiter,
  Condition,
  Event,
  Future,
  type Lock,
  Semaphore,
  type ConditionLease,
} from "@anywhen/core";

/** A call, and what shows whether it had an effect. */
export interface Call {
  readonly work: () => Promise<unknown>;
  readonly trace: () => unknown;
}

const limited = (limiter: CapacityLimiter, work: () => Promise<unknown>): Call => ({
  work,
  trace: () => limiter.statistics(),
});

export function held(
  condition: Condition,
  work: (lease: ConditionLease) => Promise<unknown>,
): Call {
  const lease = condition.acquireNowait();
  return { work: () => work(lease), trace: () => condition.statistics() };
}

export function taken<L extends { acquireNowait(): unknown }>(lessor: L): L {
  lessor.acquireNowait();
  return lessor;
}

export function onEvent(set: boolean): Call {
  const event = new Event();
  if (set) event.set();
  return { work: () => event.wait(), trace: () => event.statistics() };
}

export function onLock(lock: Lock, work: (lock: Lock) => Promise<unknown>): Call {
  return { work: () => work(lock), trace: () => lock.statistics() };
}

export function onSemaphore(value: number, work: (semaphore: Semaphore) => Promise<unknown>): Call {
  const semaphore = new Semaphore(value);
  return { work: () => work(semaphore), trace: () => [semaphore.value, semaphore.statistics()] };
}

export function onLimiter(
  total: number,
  work: (limiter: CapacityLimiter) => Promise<unknown>,
): Call {
  const limiter = new CapacityLimiter(total);
  return limited(limiter, () => work(limiter));
}

export function onCondition(
  work: (condition: Condition) => Promise<unknown>,
  locked = false,
): Call {
  const condition = new Condition();
  if (locked) condition.acquireNowait();
  return { work: () => work(condition), trace: () => condition.statistics() };
}

export function onFuture(prepare: (future: Future<number>) => void): Call {
  const future = new Future<number>();
  prepare(future);
  return { work: () => future.wait(), trace: () => [future.state, future.statistics()] };
}

export function onBarrier(parties: number): Call {
  const barrier = new Barrier(parties);
  return { work: () => barrier.wait(), trace: () => barrier.waiting };
}
