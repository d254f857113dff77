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
  name: "memory-stream-1",
  operation: "one item from a sender to a receiver, with room for one between them",
  unit: "ns",
  operations: 50_000,
  contenders: [
    subject("memoryStream", inMemoryStream(1)),
    ...baseline("hand-written ring", handWritten(1)),
    peer("effect Queue.bounded", effectQueue(1), 0.3),
    peer("TransformStream", transformStream(1), 0.2),
    peer("PassThrough, object mode", passThrough(1), 0.5),
    peer("js-csp", jsCsp(1), 0.1),
    peer("async-channel", asyncChannel(1), 0.2),
    peer("@thi.ng/csp", thingCsp(1), 0.5),
  ],
};
