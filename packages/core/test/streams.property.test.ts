import { promiseBackend } from "@anywhen/promise";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  BrokenResourceError,
  CancelScope,
  ClosedResourceError,
  EndOfStream,
  memoryStream,
  type MemoryReceiveStream,
  type MemorySendStream,
  receiving,
  run,
  select,
  sending,
  taskGroup,
  waitAllTasksBlocked,
  WouldBlock,
} from "@anywhen/core";

/** One step of a random program. Ends and calls are chosen by number, modulo how many there are. */
type Step =
  | {
      readonly do: "send" | "sendNowait" | "selectSend" | "closeSend" | "cloneSend";
      readonly end: number;
    }
  | {
      readonly do: "receive" | "receiveNowait" | "selectReceive" | "closeReceive" | "cloneReceive";
      readonly end: number;
    }
  | { readonly do: "cancel"; readonly call: number }
  /** Calls that took effect run on; without it the next step comes in the same turn. */
  | { readonly do: "settle" };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constantFrom("send" as const, "receive" as const),
        end: fc.nat(3),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom(
          "sendNowait" as const,
          "receiveNowait" as const,
          "selectSend" as const,
          "selectReceive" as const,
        ),
        end: fc.nat(3),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom(
          "closeSend" as const,
          "closeReceive" as const,
          "cloneSend" as const,
          "cloneReceive" as const,
        ),
        end: fc.nat(3),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), call: fc.nat(8) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("settle" as const) }) },
  ),
  { maxLength: 60, size: "max" },
);

/** How a call ended: with an item, with "sent", or with the name of its error. */
type Outcome = number | string;

interface ModelCall {
  readonly end: number;
  readonly item: number | undefined;
  outcome: Outcome | undefined;
}

/** The stream as its rules say, one step after the other, with arrays and no cleverness. */
class Model {
  readonly buffer: number[] = [];
  readonly senders: ModelCall[] = [];
  readonly receivers: ModelCall[] = [];
  readonly sendOpen: boolean[] = [true];
  readonly receiveOpen: boolean[] = [true];
  readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  send(end: number, item: number, wait: boolean): ModelCall {
    const call: ModelCall = { end, item, outcome: undefined };
    if (!this.sendOpen[end]) call.outcome = ClosedResourceError.name;
    else if (!this.receiveOpen.includes(true)) call.outcome = BrokenResourceError.name;
    else if (this.receivers.length > 0) {
      (this.receivers.shift() as ModelCall).outcome = item;
      call.outcome = "sent";
    } else if (this.buffer.length < this.capacity) {
      this.buffer.push(item);
      call.outcome = "sent";
    } else if (wait) this.senders.push(call);
    else call.outcome = WouldBlock.name;
    return call;
  }

  receive(end: number, wait: boolean): ModelCall {
    const call: ModelCall = { end, item: undefined, outcome: undefined };
    if (!this.receiveOpen[end]) call.outcome = ClosedResourceError.name;
    else if (this.buffer.length > 0 || this.senders.length > 0) {
      const sender = this.senders.shift();
      if (sender !== undefined) {
        this.buffer.push(sender.item as number);
        sender.outcome = "sent";
      }
      call.outcome = this.buffer.shift() as number;
    } else if (!this.sendOpen.includes(true)) call.outcome = EndOfStream.name;
    else if (wait) this.receivers.push(call);
    else call.outcome = WouldBlock.name;
    return call;
  }

  close(ends: boolean[], own: ModelCall[], others: ModelCall[], end: number, last: string): void {
    if (!ends[end]) return;
    ends[end] = false;
    this.fail(own, (call) => call.end === end, ClosedResourceError.name);
    if (!ends.includes(true)) this.fail(others, () => true, last);
  }

  closeSend(end: number): void {
    this.close(this.sendOpen, this.senders, this.receivers, end, EndOfStream.name);
  }

  closeReceive(end: number): void {
    this.close(this.receiveOpen, this.receivers, this.senders, end, BrokenResourceError.name);
    if (!this.receiveOpen.includes(true)) this.buffer.length = 0;
  }

  cancel(call: ModelCall): void {
    this.fail(this.senders, (waiting) => waiting === call, "Cancelled");
    this.fail(this.receivers, (waiting) => waiting === call, "Cancelled");
  }

  private fail(queue: ModelCall[], which: (call: ModelCall) => boolean, error: string): void {
    for (const call of queue.filter(which)) {
      call.outcome = error;
      queue.splice(queue.indexOf(call), 1);
    }
  }
}

interface RealCall {
  readonly model: ModelCall;
  readonly scope: CancelScope;
  outcome: Outcome | undefined;
}

/** The real stream and the model of it, in step. */
class Pair {
  readonly model: Model;
  readonly senders: MemorySendStream<number>[];
  readonly receivers: MemoryReceiveStream<number>[];
  readonly calls: RealCall[] = [];
  private lastItem = 0;
  private readonly running: Promise<void>[] = [];

  constructor(capacity: number) {
    this.model = new Model(capacity);
    const [send, receive] = memoryStream<number>(capacity);
    this.senders = [send];
    this.receivers = [receive];
  }

  /** No await between two steps, so that hand-overs, cancellations and closes race in one turn. */
  step(step: Exclude<Step, { do: "settle" }>): void {
    if (step.do === "cancel") return this.cancel(step.call);
    const send = step.end % this.senders.length;
    const receive = step.end % this.receivers.length;
    const out = this.senders[send] as MemorySendStream<number>;
    const into = this.receivers[receive] as MemoryReceiveStream<number>;
    const item = ++this.lastItem;
    const { model } = this;
    switch (step.do) {
      case "send":
        return this.call(
          () => out.send(item).then(() => "sent"),
          () => model.send(send, item, true),
        );
      case "selectSend":
        return this.call(
          () => select({ out: sending(out, item) }).then(() => "sent"),
          () => model.send(send, item, true),
        );
      case "receive":
        return this.call(
          () => into.receive(),
          () => model.receive(receive, true),
        );
      case "selectReceive":
        return this.call(
          () => select({ into: receiving(into) }).then(({ value }) => value),
          () => model.receive(receive, true),
        );
      case "sendNowait":
        expect(outcomeOf(() => (out.sendNowait(item), "sent"))).toBe(
          model.send(send, item, false).outcome,
        );
        return;
      case "receiveNowait":
        expect(outcomeOf(() => into.receiveNowait())).toBe(model.receive(receive, false).outcome);
        return;
      case "closeSend":
        model.closeSend(send);
        void out.close();
        return;
      case "closeReceive":
        model.closeReceive(receive);
        void into.close();
        return;
      case "cloneSend":
        if (!model.sendOpen[send]) {
          expect(() => out.clone()).toThrow(ClosedResourceError);
          return;
        }
        model.sendOpen.push(true);
        this.senders.push(out.clone());
        return;
      case "cloneReceive":
        if (!model.receiveOpen[receive]) {
          expect(() => into.clone()).toThrow(ClosedResourceError);
          return;
        }
        model.receiveOpen.push(true);
        this.receivers.push(into.clone());
    }
  }

  expectSameNumbers(): void {
    const { model } = this;
    expect(this.senders[0]?.statistics()).toEqual({
      currentBufferUsed: model.buffer.length,
      maxBufferSize: model.capacity,
      openSendStreams: model.sendOpen.filter(Boolean).length,
      openReceiveStreams: model.receiveOpen.filter(Boolean).length,
      tasksWaitingSend: model.senders.length,
      tasksWaitingReceive: model.receivers.length,
    });
  }

  async end(): Promise<void> {
    for (const end of this.senders.keys()) this.model.closeSend(end);
    for (const end of this.receivers.keys()) this.model.closeReceive(end);
    for (const end of [...this.senders, ...this.receivers]) await end.close();
    await Promise.all(this.running);
    for (const { model, outcome } of this.calls) expect(outcome).toBe(model.outcome);
  }

  private cancel(number: number): void {
    const call = this.calls[this.calls.length - 1 - (number % Math.max(1, this.calls.length))];
    if (call === undefined) return;
    this.model.cancel(call.model);
    call.scope.cancel();
  }

  /** The call is made within this step, in a scope of its own; its outcome comes later. */
  private call(real: () => Promise<Outcome>, model: () => ModelCall): void {
    const scope = new CancelScope();
    const call: RealCall = { model: model(), scope, outcome: undefined };
    this.calls.push(call);
    this.running.push(
      scope.run(async () => {
        try {
          call.outcome = await real();
        } catch (error) {
          call.outcome = (error as Error).name;
        }
      }),
    );
  }
}

function outcomeOf(call: () => Outcome): Outcome {
  try {
    return call();
  } catch (error) {
    return (error as Error).name;
  }
}

test("random programs do what a sequential model does: no item lost or doubled, first in, first out", async () => {
  // A program with one end a side is mostly over at the first close.
  const ends = fc.integer({ min: 1, max: 3 });
  const capacities = fc.constantFrom(0, 1, 2, 5, Infinity);
  await fc.assert(
    fc.asyncProperty(capacities, ends, ends, steps, (capacity, sends, receives, program) =>
      run(
        async () => {
          const pair = new Pair(capacity);
          for (let end = 1; end < sends; end += 1) pair.step({ do: "cloneSend", end: 0 });
          for (let end = 1; end < receives; end += 1) pair.step({ do: "cloneReceive", end: 0 });
          for (const step of program) {
            if (step.do === "settle") await waitAllTasksBlocked();
            else pair.step(step);
            pair.expectSameNumbers();
          }
          await pair.end();
        },
        { backend: promiseBackend() },
      ),
    ),
    { seed: 20_240_229, numRuns: 300 },
  );
});

test("whatever producers, consumers and cancellation do, each item is received or refused, once and in order", async () => {
  const cuts = fc.array(fc.nat(40), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(0, 1, 3), cuts, fc.nat(3), (capacity, producers, consumers) =>
      run(
        async () => {
          const [send, receive] = memoryStream<number>(capacity);
          const sent: number[] = [];
          const received: number[] = [];
          await taskGroup(async (tg) => {
            for (const [producer, length] of producers.entries()) {
              const end = send.clone();
              const scope = new CancelScope();
              tg.startSoon(async () => {
                await scope.run(async () => {
                  for (let count = 0; ; count += 1) {
                    if (count === length) scope.cancel();
                    await end.send(producer * 1_000 + count);
                    sent.push(producer * 1_000 + count);
                  }
                });
                await end.close();
              });
            }
            await send.close();
            for (let consumer = 0; consumer <= consumers; consumer += 1) {
              const end = receive.clone();
              tg.startSoon(async () => {
                for await (const item of end) received.push(item);
                await end.close();
              });
            }
            await receive.close();
          });
          const ascending = (left: number, right: number): number => left - right;
          expect(received.toSorted(ascending)).toEqual(sent.toSorted(ascending));
          if (consumers > 0) return;
          for (const producer of producers.keys()) {
            const own = received.filter((item) => Math.floor(item / 1_000) === producer);
            expect(own).toEqual(own.toSorted(ascending));
          }
        },
        { backend: promiseBackend() },
      ),
    ),
    { seed: 20_240_229, numRuns: 100 },
  );
});
