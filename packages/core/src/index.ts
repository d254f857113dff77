import "./duplicate.ts";

export { currentBackend, currentHost, run, runFrom, type RunOptions } from "./run.ts";
export type { Cancellation, Instrument, RunInfo, ScopeInfo } from "./instrument/instrument.ts";
export {
  configure,
  findBackend,
  installBackends,
  type BackendLoader,
  type BackendSpec,
} from "./registry.ts";

export { now, sleep, sleepUntil, sleepForever, checkpoint, throwIfCancelled } from "./time.ts";

export { CancelScope, cancelScope, type ScopeOptions } from "./scope/cancel-scope.ts";
export {
  moveOnAfter,
  moveOnAt,
  failAfter,
  failAt,
  shield,
  type TimeoutOptions,
} from "./scope/timeouts.ts";
export { currentScope, currentEffectiveDeadline, currentSignal } from "./scope/current.ts";
export { cancellable } from "./scope/cancellable.ts";
export { detached, outside } from "./context.ts";

export { taskGroup } from "./task/task-group.ts";
export type {
  TaskGroup,
  TaskHandle,
  TaskInfo,
  TaskOptions,
  TaskState,
  TaskStatus,
} from "./task/task-types.ts";
export { describeTasks } from "./task/describe-tasks.ts";
export { checkpointCount, currentTask, runningTasks } from "./task/task-info.ts";
export { waitAllTasksBlocked } from "./task/wait-all-tasks-blocked.ts";

export { gather } from "./concurrency/gather.ts";
export { race } from "./concurrency/race.ts";
export { mapConcurrent } from "./concurrency/map-concurrent.ts";
export { asCompleted } from "./concurrency/as-completed.ts";

export { Event } from "./sync/event.ts";
export type { Lease } from "./sync/lease.ts";
export { Lock, type LockStatistics } from "./sync/lock.ts";
export { Semaphore } from "./sync/semaphore.ts";
export { CapacityLimiter, type CapacityLimiterStatistics } from "./sync/capacity-limiter.ts";
export { Condition } from "./sync/condition.ts";
export type { ConditionLease } from "./sync/condition-lease.ts";
export { Future, type FutureState } from "./sync/future.ts";
export { Barrier } from "./sync/barrier.ts";
export { ResourceGuard } from "./sync/resource-guard.ts";

export type {
  MemoryStreamStatistics,
  ObjectStream,
  ReceiveStream,
  SendStream,
} from "./stream/stream-types.ts";
export { memoryStream } from "./stream/memory-stream.ts";
export { MemoryReceiveStream } from "./stream/memory-receive-stream.ts";
export { MemorySendStream } from "./stream/memory-send-stream.ts";
export { select, type Selected } from "./stream/select.ts";
export { elapsed, happened, receiving, sending, type Case } from "./stream/select-case.ts";
export {
  Broadcast,
  type BroadcastStatistics,
  type Overflow,
  type SubscribeOptions,
} from "./stream/broadcast.ts";
export { fromReadable } from "./stream/from-readable.ts";
export { toReadable } from "./stream/to-readable.ts";
export { pipe } from "./stream/pipe.ts";

export { ContextVar } from "./context-var.ts";

export { Cancelled, isCancelled } from "./scope/cancelled.ts";
export { TaskGroupError } from "./task/task-group-error.ts";
export {
  AnywhenError,
  BackendNotFoundError,
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
  DeadlockError,
  EndOfStream,
  FutureCancelled,
  FutureFailed,
  ScopeCancelledError,
  ScopeClosedError,
  TaskCancelled,
  TaskFailed,
  TaskNotFinished,
  TaskNotStarted,
  TimeoutError,
  UsageError,
  WouldBlock,
} from "./errors.ts";

export {
  missingFromBackend,
  type Backend,
  type Capabilities,
  type CoreState,
  type HostedTask,
  type Outcome,
  type Waited,
  type WakeReason,
} from "./backend.ts";
export { withVirtualClock, type VirtualBackend } from "./virtual-time/with-virtual-clock.ts";
export type { VirtualClock, VirtualClockOptions } from "./virtual-time/virtual-clock.ts";
export { eventLoop, type EventLoop, type Timer } from "./event-loop.ts";
