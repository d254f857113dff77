import type * as anywhen from "anywhen";
import {
  asCompleted,
  Barrier,
  Broadcast,
  cancellable,
  CancelScope,
  cancelScope,
  CapacityLimiter,
  checkpoint,
  Condition,
  type ConditionLease,
  configure,
  elapsed,
  Event,
  failAfter,
  failAt,
  fromReadable,
  Future,
  gather,
  Lock,
  mapConcurrent,
  memoryStream,
  moveOnAfter,
  moveOnAt,
  now,
  pipe,
  race,
  receiving,
  run,
  select,
  Semaphore,
  sending,
  shield,
  sleep,
  sleepForever,
  sleepUntil,
  type TaskGroup,
  taskGroup,
  type TaskHandle,
  waitAllTasksBlocked,
} from "anywhen";
import { describe, expectTypeOf, test } from "vitest";
import {
  assertCheckpoints,
  assertNoCheckpoints,
  failingReceiveStream,
  failingSendStream,
  hookedStream,
  lockstepStreamPair,
  memoryStreamPair,
  pump,
  sequencer,
} from "../src/index.ts";
import { eachBackend } from "./each-backend.ts";

/*
 * Which calls are checkpoints [K1] and which are not [K3, and what opens a scope, a group or a run].
 * Each is called in the way in which it has least to wait for. The types see to it that no exported
 * function or method that returns a promise is left out.
 */

type Api = typeof anywhen;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Whether it returns a promise; a prototype's type says `any` where the instance has a type parameter. */
type IsAsync<F> = F extends (...args: never[]) => infer R
  ? IsAny<R> extends true
    ? false
    : R extends PromiseLike<unknown>
      ? true
      : false
  : false;

type AsyncMethods<Name extends string, Instance> = {
  [Key in keyof Instance & string]: IsAsync<Instance[Key]> extends true ? `${Name}.${Key}` : never;
}[keyof Instance & string];

type AsyncCalls =
  | {
      // Functions first: they have a prototype, too.
      [Name in keyof Api]: Api[Name] extends (...args: never[]) => unknown
        ? IsAsync<Api[Name]> extends true
          ? Name
          : never
        : Api[Name] extends { readonly prototype: infer Instance }
          ? AsyncMethods<Name, Instance>
          : never;
    }[keyof Api]
  | AsyncMethods<"TaskHandle", TaskHandle>
  | AsyncMethods<"TaskGroup", TaskGroup>
  | AsyncMethods<"ConditionLease", ConditionLease>;

/** Marked `@internal`: called by the library itself, and not in the published types. */
type Internal = "CancelScope.begin" | "MemoryReceiveStream.next" | `${string}.acquireIn`;

const checkpoints = {
  sleep: () => sleep(0),
  sleepUntil: () => sleepUntil(now() - 1),
  sleepForever: () => moveOnAfter(0, sleepForever),
  checkpoint,
  waitAllTasksBlocked,
  cancellable: () => cancellable(Promise.resolve()),

  "TaskGroup.start": () => taskGroup((tg) => tg.start<void, void>((status) => status.started())),
  "TaskHandle.wait": async () => (await endedTask()).wait(),
  "TaskHandle.result": async () => (await endedTask()).result(),

  gather: () => gather(),
  race: () => race([() => 1]),
  mapConcurrent: () => mapConcurrent([], (item) => item),
  "the step of a loop over asCompleted()": () => firstStep(asCompleted([() => 1])),
  "the last step of a loop over asCompleted()": () => firstStep(asCompleted([])),

  "Event.wait": () => {
    const event = new Event();
    event.set();
    return event.wait();
  },
  "Lock.acquire": () => new Lock().acquire(),
  "Lock.use": () => new Lock().use(() => {}),
  "Semaphore.acquire": () => new Semaphore(1).acquire(),
  "Semaphore.use": () => new Semaphore(1).use(() => {}),
  "CapacityLimiter.acquire": () => new CapacityLimiter(1).acquire(),
  "CapacityLimiter.acquireOnBehalfOf": () => new CapacityLimiter(1).acquireOnBehalfOf({}),
  "CapacityLimiter.use": () => new CapacityLimiter(1).use(() => {}),
  "Condition.acquire": () => new Condition().acquire(),
  "Condition.use": () => new Condition().use(() => {}),
  "ConditionLease.wait": () => moveOnAfter(0, () => new Condition().acquireNowait().wait()),
  "ConditionLease.waitFor": () => new Condition().acquireNowait().waitFor(() => true),
  "Future.wait": () => {
    const future = new Future<number>();
    future.setResult(1);
    return future.wait();
  },
  "Future.wait of a failed one": () => {
    const future = new Future<number>();
    future.setError(new Error("failed"));
    return future.wait().catch(() => {});
  },
  "Barrier.wait": () => new Barrier(1).wait(),

  "MemorySendStream.send": () => memoryStream(1)[0].send(1),
  "MemorySendStream.send to nobody": async () => {
    const [send, receive] = memoryStream();
    await receive.close();
    await send.send(1).catch(() => {});
  },
  "MemoryReceiveStream.receive": () => filled().receive(),
  "MemoryReceiveStream.receive at the end": () =>
    ended()
      .receive()
      .catch(() => {}),
  "the step of a loop over a MemoryReceiveStream": () => firstStep(filled()),
  "the last step of a loop over a MemoryReceiveStream": () => firstStep(ended()),
  "Broadcast.send": () => new Broadcast().send(1),
  select: () => select({ item: receiving(filled()), late: elapsed(Infinity) }),
  "select of sending": () => select({ sent: sending(memoryStream<number>(1)[0], 1) }),
  pipe: () => pipe(ended(), memoryStream(1)[0]),
  "receive() of fromReadable()": () => fromReadable(filled()).receive(),
  "the step of a loop over fromReadable()": () => firstStep(fromReadable(filled())),

  "send() of hookedStream()": () => hookedStream()[0].send(1),
  "send() of memoryStreamPair()": () => memoryStreamPair()[0].send(1),
  "receive() of lockstepStreamPair()": async () => {
    const [left, right] = lockstepStreamPair();
    await right.sendEof();
    await left.receive().catch(() => {});
  },
  "send() of failingSendStream()": () =>
    failingSendStream(memoryStream(1)[0], { onCall: 1 })
      .send(1)
      .catch(() => {}),
  "receive() of failingReceiveStream()": () =>
    failingReceiveStream(filled(), { onCall: 1 })
      .receive()
      .catch(() => {}),
  pump: () => pump(filled(), memoryStream(1)[0], 1),
  "pump of nothing": () => pump(filled(), memoryStream(1)[0], 0),
  "the second block of a sequencer()": async () => {
    const seq = sequencer();
    await seq(0, () => {});
    await seq(1, () => {});
  },
};

const others = {
  run: () => run(() => {}),
  configure: () => configure({}),
  cancelScope: () => cancelScope(() => {}),
  "CancelScope.run": () => new CancelScope().run(() => {}),
  moveOnAfter: () => moveOnAfter(1, () => {}),
  moveOnAt: () => moveOnAt(now() + 1, () => {}),
  failAfter: () => failAfter(1, () => {}),
  failAt: () => failAt(now() + 1, () => {}),
  shield: () => shield(() => {}),
  taskGroup: () => taskGroup(() => {}),
  "taskGroup that waits for a task": () => taskGroup((tg) => void tg.startSoon(() => checkpoint())),

  "MemorySendStream.close": () => memoryStream()[0].close(),
  "MemoryReceiveStream.close": () => memoryStream()[1].close(),
  "Broadcast.close": () => new Broadcast().close(),
  "close() of fromReadable()": () => fromReadable(endless()).close(),
  "close() of memoryStreamPair()": () => memoryStreamPair()[0].close(),
  "the way out of a loop over asCompleted()": () => {
    const loop = asCompleted([() => 1])[Symbol.asyncIterator]();
    return loop.return?.();
  },

  "sendNowait, receiveNowait and clone of a memory stream": () => {
    const [send, receive] = memoryStream<number>(1);
    send.clone().sendNowait(1);
    receive.clone().receiveNowait();
  },
  "acquireNowait and release": () => {
    new Lock().acquireNowait().release();
    new Semaphore(1).acquireNowait().release();
    new CapacityLimiter(1).acquireNowait().release();
    const held = new Condition().acquireNowait();
    held.notifyAll();
    held.release();
  },
  "set, setResult, setError and cancel": () => {
    new Event().set();
    new Future<number>().setResult(1);
    new Future<number>().setError(1);
    new Future<number>().cancel();
    new CancelScope().cancel();
  },
  "the first block of a sequencer()": () => sequencer()(0, () => {}),
};

async function endedTask(): Promise<TaskHandle> {
  let task: TaskHandle | undefined;
  await taskGroup((tg) => {
    task = tg.startSoon(() => 1);
  });
  return task as TaskHandle;
}

function firstStep<T>(loop: AsyncIterable<T>): Promise<IteratorResult<T>> {
  return loop[Symbol.asyncIterator]().next();
}

/** A stream with an item in store. */
function filled(): anywhen.MemoryReceiveStream<number> {
  const [send, receive] = memoryStream<number>(1);
  send.sendNowait(1);
  return receive;
}

function ended(): anywhen.MemoryReceiveStream<number> {
  const [send, receive] = memoryStream<number>();
  void send.close();
  return receive;
}

async function* endless(): AsyncGenerator<number> {
  for (;;) yield 1;
}

test("no exported function or method that returns a promise is left out", () => {
  type Known = keyof typeof checkpoints | keyof typeof others;
  expectTypeOf<Exclude<AsyncCalls, Known | Internal>>().toEqualTypeOf<never>();
});

describe.each(eachBackend)("on %s", (_, inRun) => {
  test.each(Object.entries(checkpoints))("K1: %s is a checkpoint", (_name, call) =>
    inRun(async () => {
      await assertCheckpoints(call as () => unknown);
    }),
  );

  test.each(Object.entries(others))("K3: %s is no checkpoint", (_name, call) =>
    inRun(async () => {
      await assertNoCheckpoints(call as () => unknown);
    }),
  );
});
