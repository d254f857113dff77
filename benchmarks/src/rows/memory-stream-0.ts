import {
  asyncChannel,
  effectQueue,
  handWritten,
  inMemoryStream,
  jsCsp,
  passThrough,
  transformStream,
} from "../streaming.ts";
import { baseline, peer, type Row, subject } from "../row.ts";

export const row: Row = {
  name: "memory-stream-0",
  operation: "one item handed from a sender to a receiver, with no room between them",
  unit: "ns",
  operations: 50_000,
  contenders: [
    subject("memoryStream", inMemoryStream(0)),
    ...baseline("hand-written channel", handWritten(0)),
    peer("js-csp", jsCsp(0), 0.2),
    peer("async-channel", asyncChannel(0), 0.4),
    peer("TransformStream", transformStream(0), 0.4),
    peer("effect Queue.bounded", effectQueue(0), 0.3),
    // The smallest it can do: one item of room.
    peer("PassThrough, object mode", passThrough(1), 0.4),
  ],
  targets: [
    { than: "hand-written channel", atMost: 2 },
    { than: "js-csp", atMost: 1 },
    { than: "async-channel", atMost: 1 },
    { than: "TransformStream", atMost: 1 },
    { than: "effect Queue.bounded", atMost: 1 },
    { than: "PassThrough, object mode", atMost: 1 },
  ],
};
