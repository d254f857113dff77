import {
  asyncChannel,
  effectQueue,
  handWritten,
  inMemoryStream,
  jsCsp,
  passThrough,
  thingCsp,
  transformStream,
} from "../streaming.ts";
import { baseline, peer, type Row, subject } from "../row.ts";

export const row: Row = {
  name: "memory-stream-100",
  operation: "one item from a sender to a receiver, with room for 100 between them",
  unit: "ns",
  operations: 100_000,
  contenders: [
    subject("memoryStream", inMemoryStream(100)),
    ...baseline("hand-written ring", handWritten(100), 2),
    peer("effect Queue.bounded", effectQueue(100), 0.3),
    peer("TransformStream", transformStream(100), 0.2),
    peer("PassThrough, object mode", passThrough(100), 0.5),
    peer("js-csp", jsCsp(100), 0.1),
    peer("async-channel", asyncChannel(100), 0.2),
    peer("@thi.ng/csp", thingCsp(100), 0.5),
  ],
  targets: [
    { than: "hand-written ring", atMost: 2 },
    { than: "hand-written ring", atMost: 3 },
    { than: "TransformStream", atMost: 1 / 5 },
    // Every peer that holds a sender back.
    { than: "effect Queue.bounded", atMost: 1 },
    { than: "PassThrough, object mode", atMost: 1 },
    { than: "js-csp", atMost: 1 },
    { than: "async-channel", atMost: 1 },
    { than: "@thi.ng/csp", atMost: 1 },
  ],
};
