export { virtual, type VirtualOptions } from "./virtual-time/virtual.ts";
export { withVirtualTime, type WithVirtualTimeOptions } from "./virtual-time/with-virtual-time.ts";
export type { VirtualBackend, VirtualClock, VirtualClockOptions } from "@anywhen/core";
export { AssertionError } from "./assertion-error.ts";
export { assertCheckpoints, assertNoCheckpoints } from "./checkpoints/assert-checkpoints.ts";
export { assertSequence } from "./assert-sequence.ts";
export { SequenceBrokenError, sequencer, type Sequencer } from "./sequencer.ts";

export {
  group,
  type ErrorClass,
  type ErrorPattern,
  type GroupOptions,
  type GroupPattern,
  type MatchedError,
  type MemberPattern,
} from "./errors/error-pattern.ts";
export { expectGroup, type GroupExpectation, type MatchedErrors } from "./errors/expect-group.ts";

export {
  failingReceiveStream,
  failingSendStream,
  type FailureOptions,
} from "./streams/failing-streams.ts";
export { HookedReceiveStream } from "./streams/hooked-receive-stream.ts";
export { HookedSendStream } from "./streams/hooked-send-stream.ts";
export { pump } from "./streams/pump.ts";
export { StapledObjectStream } from "./streams/stapled-object-stream.ts";
export {
  hookedStream,
  type HookedObjectStream,
  lockstepStreamPair,
  memoryStreamPair,
} from "./streams/stream-pairs.ts";

export {
  checkReceiveStream,
  type ReceiveCheckOptions,
} from "./stream-rules/check-receive-stream.ts";
export { checkSendStream, type SendCheckOptions } from "./stream-rules/check-send-stream.ts";
export { checkStreamPair, type PairCheckOptions } from "./stream-rules/check-stream-pair.ts";
export type { StreamReport } from "./stream-rules/check-streams.ts";
export type { StreamCheckOptions } from "./stream-rules/bench.ts";
export type { ReceiveSubject } from "./stream-rules/receive-stream-rules.ts";
export type { SendSubject } from "./stream-rules/send-stream-rules.ts";
export {
  cancelEverywhere,
  type CancelEverywhereOptions,
  type CancelledEverywhere,
} from "./simulation/cancel-everywhere.ts";
export { explore, type Exploration, type ExploreOptions } from "./simulation/explore.ts";
export { simulate, type SimulateOptions, type Simulation } from "./simulation/simulate.ts";
export { SimulationError, type FailedRun } from "./simulation/simulation-error.ts";
export type { Program, SimulationLimits } from "./simulation/run-once.ts";
export type { Choices } from "./simulation/schedule.ts";
export type { Place, Target } from "./simulation/injection.ts";
