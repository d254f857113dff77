/**
 * Base of every error of this library but `Cancelled`. Each class has a code of its own, which is
 * stable across versions and across copies of the library: match errors by it.
 */
export class AnywhenError extends Error {
  /** The `code` of this class's errors. */
  static readonly code: string = "ERR_ANYWHEN";
  static {
    this.prototype.name = "AnywhenError";
  }
  /** Stable, e.g. "ERR_WOULD_BLOCK". */
  readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = new.target.code;
  }
}

/** A deadline passed before the body had finished. [C12, C20] */
export class TimeoutError extends AnywhenError {
  static override readonly code: string = "ERR_TIMEOUT";
  static {
    this.prototype.name = "TimeoutError";
  }
}

/** A scope that must return a value was cancelled by hand or from outside: `run`, `failAfter`, `shield`. [C12] */
export class ScopeCancelledError extends AnywhenError {
  static override readonly code: string = "ERR_SCOPE_CANCELLED";
  static {
    this.prototype.name = "ScopeCancelledError";
  }
  /** What was given to `cancel()`. */
  readonly reason: unknown;
  constructor(message: string, reason: unknown, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The task failed; its error is the `cause`. [T16] */
export class TaskFailed extends AnywhenError {
  static override readonly code: string = "ERR_TASK_FAILED";
  static {
    this.prototype.name = "TaskFailed";
  }
}

/** The task was cancelled before it had a value. [T16] */
export class TaskCancelled extends TaskFailed {
  static override readonly code: string = "ERR_TASK_CANCELLED";
  static {
    this.prototype.name = "TaskCancelled";
  }
}

/** The task has not ended yet, so it has neither value nor error. */
export class TaskNotFinished extends AnywhenError {
  static override readonly code: string = "ERR_TASK_NOT_FINISHED";
  static {
    this.prototype.name = "TaskNotFinished";
  }
}

/** The task ended without calling `status.started()`. [T11] */
export class TaskNotStarted extends AnywhenError {
  static override readonly code: string = "ERR_TASK_NOT_STARTED";
  static {
    this.prototype.name = "TaskNotStarted";
  }
}

/** The future was set to an error, which is the `cause`. */
export class FutureFailed extends AnywhenError {
  static override readonly code: string = "ERR_FUTURE_FAILED";
  static {
    this.prototype.name = "FutureFailed";
  }
}

/** The future was cancelled. */
export class FutureCancelled extends FutureFailed {
  static override readonly code: string = "ERR_FUTURE_CANCELLED";
  static {
    this.prototype.name = "FutureCancelled";
  }
}

/** A checkpoint ran in a scope that has ended: almost always a missing `await`. [C22] */
export class ScopeClosedError extends AnywhenError {
  static override readonly code: string = "ERR_SCOPE_CLOSED";
  static {
    this.prototype.name = "ScopeClosedError";
  }
}

/** The call would have had to wait. */
export class WouldBlock extends AnywhenError {
  static override readonly code: string = "ERR_WOULD_BLOCK";
  static {
    this.prototype.name = "WouldBlock";
  }
}

/** The stream has ended; no item will come any more. [M4] */
export class EndOfStream extends AnywhenError {
  static override readonly code: string = "ERR_END_OF_STREAM";
  static {
    this.prototype.name = "EndOfStream";
  }
}

/** This end of the stream has been closed here. [M6, M7] */
export class ClosedResourceError extends AnywhenError {
  static override readonly code: string = "ERR_CLOSED_RESOURCE";
  static {
    this.prototype.name = "ClosedResourceError";
  }
}

/** The other end of the stream is gone. [M5] */
export class BrokenResourceError extends AnywhenError {
  static override readonly code: string = "ERR_BROKEN_RESOURCE";
  static {
    this.prototype.name = "BrokenResourceError";
  }
}

/** Another task is using the resource, which takes one at a time. */
export class BusyResourceError extends AnywhenError {
  static override readonly code: string = "ERR_BUSY_RESOURCE";
  static {
    this.prototype.name = "BusyResourceError";
  }
}

/** The caller broke a rule of the API: entered a scope twice, released twice, started a task in a closed group. */
export class UsageError extends AnywhenError {
  static override readonly code: string = "ERR_USAGE";
  static {
    this.prototype.name = "UsageError";
  }
}

/** The run can make no progress. [D1] */
export class DeadlockError extends AnywhenError {
  static override readonly code: string = "ERR_DEADLOCK";
  static {
    this.prototype.name = "DeadlockError";
  }
}

/** No such backend, or it could not be loaded; the message says what to do. */
export class BackendNotFoundError extends AnywhenError {
  static override readonly code: string = "ERR_BACKEND_NOT_FOUND";
  static {
    this.prototype.name = "BackendNotFoundError";
  }
}
