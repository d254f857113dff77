import type { CoreMutant } from "../mutant.ts";

/** M1 to M10: faults in memory streams. */
export const streamMutants: readonly CoreMutant[] = [
  {
    fault: "stores one item more than there is room for",
    breaks: ["M1.1", "M1.2"],
    message: /capacity 0 a send completes only when the item is taken/,
    file: "stream/channel.ts",
    find: "this.buffer.size < this.capacity;",
    replace: "this.buffer.size <= this.capacity;",
  },
  {
    fault: "takes any number for a capacity",
    breaks: ["M1.4"],
    message: /is a RangeError/,
    file: "stream/memory-stream.ts",
    find: "(capacity as number) >= 0)",
    replace: "(capacity as number) >= -Infinity)",
  },
  {
    fault: "lets the item of a later sender overtake in a stream",
    breaks: ["M2.9"],
    message: /before one that is sent later/,
    file: "stream/channel.ts",
    find: "if (sender !== undefined) { buffer.push(sender.item as T);",
    replace: "if (sender !== undefined && buffer.size === 0) { buffer.push(sender.item as T);",
  },
  {
    fault: "lets a wait that ends now overtake one that was put off until the next turn",
    breaks: ["M2.10", "L1.43"],
    message: /in the order they came/,
    file: "engine.ts",
    find: "return this.putOff.length > 0;",
    replace: "return false;",
  },
  {
    fault: "stores items although a receiver waits",
    breaks: ["M1.6", "M2.5"],
    message: /needs a waiting receiver/,
    file: "stream/channel.ts",
    find: "if (receiver === undefined) this.buffer.push(item);",
    replace: "if (receiver === undefined || receiver.owner !== undefined) this.buffer.push(item);",
  },
  {
    fault: "hands an item to a receiver that was cancelled",
    breaks: ["M3.2", "M3.3", "K2.112"],
    message: /the next one gets the item/,
    file: "stream/memory-receive-stream.ts",
    find: "channel.receivers.push(waiter);",
    replace: `const standIn: Queued<T> = {
        ...{ queue: undefined, previous: undefined, next: undefined, item: undefined, owner: this },
        resume(value) { channel.receivers.remove(standIn); return waiter.resume(value); },
        fail(error) { channel.receivers.remove(standIn); return waiter.fail(error); },
      };
      channel.receivers.push(standIn);`,
  },
  {
    fault: "ends a stream before its buffer is drained",
    breaks: ["M4.1"],
    message: /drain the buffer/,
    file: "stream/channel.ts",
    find: "if (--this.openSenders === 0) this.end();",
    replace: "if (--this.openSenders === 0) { this.buffer.clear(); this.end(); }",
  },
  {
    fault: "ends a stream with the first of its send ends",
    breaks: ["M4.2"],
    message: /Closing one of two send ends ends nothing/,
    file: "stream/channel.ts",
    find: "if (--this.openSenders === 0) this.end();",
    replace: "this.openSenders = 0; this.end();",
  },
  {
    fault: "does not wake receivers at the end of a stream",
    breaks: ["M4.3"],
    message: /wakes every waiting receiver|had not ended/,
    file: "stream/channel.ts",
    find: "if (--this.openSenders === 0) this.end();",
    replace: "this.openSenders--;",
  },
  {
    fault: "does not wake senders when nobody can receive any more",
    breaks: ["M5.1"],
    message: /waiting senders get BrokenResourceError/,
    file: "stream/channel.ts",
    find: "first.fail(brokenError());",
    replace: "senders.remove(first);",
  },
  {
    fault: "takes items that nobody can receive any more",
    breaks: ["M5.2"],
    message: /later sends get BrokenResourceError/,
    file: "stream/memory-send-stream.ts",
    find: "return this.channel.openReceivers === 0 ? brokenError() : undefined;",
    replace: "return undefined;",
  },
  {
    fault: "lets the item of a cancelled sender be taken in the same turn",
    breaks: ["M5a.1", "M5a.2", "K2.111"],
    message: /is not taken, not even in the same turn/,
    file: "wait.ts",
    find: "interrupt(cancelled: Cancelled, over: boolean): void { const waited = this.settle();",
    replace: `interrupt(cancelled: Cancelled, over: boolean): void {
      const { queue } = this;
      if (this.item !== undefined && queue !== undefined) {
        this.queue = undefined;
        queueMicrotask(() => { if (this.next || this.previous || (queue as { first?: unknown }).first === this) queue.remove(this); });
      }
      const waited = this.settle();`,
  },
  {
    fault: "lets a closed send end be used",
    breaks: ["M6.1"],
    message: /Every use of a closed end/,
    file: "stream/memory-send-stream.ts",
    find: 'if (this.closed) return closedError("send end of a memory stream");',
    replace: "",
  },
  {
    fault: "counts a second close of one end",
    breaks: ["M6.2"],
    message: /counts once/,
    file: "stream/memory-send-stream.ts",
    find: "if (this.closed) return; this.closed = true;",
    replace: "this.closed = true;",
  },
  {
    fault: "leaves the calls on an end waiting that is closed",
    breaks: ["M7.1", "M7.2"],
    message: /makes that call throw ClosedResourceError/,
    file: "stream/channel.ts",
    find: 'for (const waiting of own) waiting.fail(closedError("end of a stream"));',
    replace: "",
  },
  {
    fault: "closes a stream when a loop over it is left",
    breaks: ["M8.3"],
    message: /Leaving the loop early does not close/,
    file: "stream/memory-receive-stream.ts",
    find: "return new ReceiveIterator(this);",
    replace: `return Object.assign(new ReceiveIterator(this), {
      return: async () => {
        await this.close();
        return { done: true as const, value: undefined };
      },
    });`,
  },
  {
    fault: "throws EndOfStream from a loop",
    breaks: ["M8.2"],
    message: /Iteration ends at EndOfStream/,
    file: "stream/memory-receive-stream.ts",
    find: "if (error instanceof EndOfStream) return { done: true, value: undefined };",
    replace: "",
  },
  {
    fault: "counts waiting senders among the items in the buffer",
    breaks: ["M9.4"],
    message: /is not in the buffer/,
    file: "stream/channel.ts",
    find: "currentBufferUsed: this.buffer.size,",
    replace: "currentBufferUsed: this.buffer.size + this.senders.size,",
  },
  {
    fault: "reports no unclosed stream",
    breaks: ["M10.1"],
    message: /reported once/,
    file: "stream/unclosed-stream.ts",
    find: "unclosed.register(end, this, end);",
    replace: "",
  },
  {
    fault: "reports an unclosed stream once an end",
    breaks: ["M10.1"],
    message: /reported once/,
    file: "stream/unclosed-stream.ts",
    find: "if (this.over) return; this.over = true;",
    replace: "if (this.over) return;",
  },
  {
    fault: "reports streams that have been closed",
    breaks: ["M10.2"],
    message: /whose ends are closed is not reported/,
    file: "stream/unclosed-stream.ts",
    find: "unclosed.register(end, this, end);",
    replace: "unclosed.register(end, new StreamWatch(this.kind));",
  },
  {
    fault: "reports a clone that has been closed",
    breaks: ["M10.6"],
    message: /A clone that was closed and dropped is not reported/,
    file: "stream/unclosed-stream.ts",
    find: "unclosed.unregister(end);",
    replace: "",
  },
];
