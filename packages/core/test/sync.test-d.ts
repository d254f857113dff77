import {
  Barrier,
  CapacityLimiter,
  Condition,
  Event,
  Future,
  Lock,
  ResourceGuard,
  Semaphore,
  type ConditionLease,
  type Lease,
  type TaskInfo,
} from "@anywhen/core";
import { describe, expectTypeOf, test } from "vitest";

describe("synchronization primitives", () => {
  test("acquire() gives a lease, which is disposable", () => {
    expectTypeOf(new Lock().acquire()).resolves.toEqualTypeOf<Lease>();
    expectTypeOf(new Semaphore(1).acquireNowait()).toEqualTypeOf<Lease>();
    expectTypeOf(new CapacityLimiter(1).acquireOnBehalfOf({})).resolves.toEqualTypeOf<Lease>();
    expectTypeOf<Lease>().toExtend<Disposable>();
    expectTypeOf<Lease["release"]>().toEqualTypeOf<() => void>();
  });

  test("use() gives what its body returns or resolves with", () => {
    expectTypeOf(new Lock().use(() => 1)).resolves.toEqualTypeOf<number>();
    expectTypeOf(new Lock().use(async () => "a")).resolves.toEqualTypeOf<string>();
    expectTypeOf(new Semaphore(1).use(() => {})).resolves.toEqualTypeOf<void>();
    expectTypeOf(new CapacityLimiter(1).use(() => [1])).resolves.toEqualTypeOf<number[]>();
  });

  test("only a condition's use() gives its body a lease, and only that lease waits and notifies", () => {
    const condition = new Condition();
    const used = condition.use((held) => {
      expectTypeOf(held).toEqualTypeOf<ConditionLease>();
      return true;
    });
    expectTypeOf(used).resolves.toEqualTypeOf<boolean>();
    expectTypeOf(condition.acquire()).resolves.toEqualTypeOf<ConditionLease>();
    expectTypeOf<ConditionLease>().toExtend<Lease>();
    expectTypeOf<Lease>().not.toHaveProperty("notify");
    // @ts-expect-error waiting without the lock cannot be written
    void condition.wait;
    // @ts-expect-error a predicate answers at once
    void ((held: ConditionLease) => held.waitFor(async () => true));
    // @ts-expect-error a lock's body gets no lease
    void new Lock().use((lease: Lease) => lease);
  });

  test("a future knows the type of its value", () => {
    const future = new Future<string>();
    expectTypeOf(future.wait()).resolves.toEqualTypeOf<string>();
    expectTypeOf(future.state).toEqualTypeOf<"pending" | "finished" | "failed" | "cancelled">();
    // @ts-expect-error a number is no string
    void (() => future.setResult(1));
    expectTypeOf<Future<void>["setResult"]>().toBeCallableWith(undefined);
  });

  test("an event, a barrier and a guard give what they say", () => {
    expectTypeOf(new Event().wait()).resolves.toEqualTypeOf<void>();
    expectTypeOf(new Barrier(2).wait()).resolves.toEqualTypeOf<number>();
    expectTypeOf(new ResourceGuard().enter()).toEqualTypeOf<Disposable>();
    // @ts-expect-error what is set by set() only
    new Event().isSet = true;
    // @ts-expect-error how many have to come does not change
    new Barrier(2).parties = 3;
  });

  test("statistics() say who holds and who waits", () => {
    expectTypeOf(new Lock().statistics().owner).toEqualTypeOf<TaskInfo | undefined>();
    expectTypeOf(new Condition().statistics()).toExtend<{
      tasksWaiting: number;
      lock: ReturnType<Lock["statistics"]>;
    }>();
    expectTypeOf(new CapacityLimiter(1).statistics().borrowers).toEqualTypeOf<readonly object[]>();
    expectTypeOf(new Semaphore(1).statistics()).toEqualTypeOf<{ tasksWaiting: number }>();
    expectTypeOf(new Semaphore(1).maxValue).toEqualTypeOf<number | undefined>();
  });
});
