/** Where items come from, one by one. Iterating it ends where `receive()` would throw `EndOfStream`. */
export interface ReceiveStream<T> extends AsyncIterable<T>, AsyncDisposable {
  /**
   * Waits for the next item. A checkpoint.
   *
   * @throws EndOfStream after the last item; ClosedResourceError if this end was closed here;
   * BrokenResourceError if the other end is gone without having said so
   */
  receive(): Promise<T>;
  /** Takes effect at once, before the promise resolves. Closing twice is fine. */
  close(): Promise<void>;
}

/** Where items go, one by one. */
export interface SendStream<T> extends AsyncDisposable {
  /**
   * Waits until the item has been taken or stored. A checkpoint.
   *
   * @throws ClosedResourceError if this end was closed here; BrokenResourceError if nobody can
   * receive any more
   */
  send(item: T): Promise<void>;
  /** Takes effect at once, before the promise resolves. Closing twice is fine. */
  close(): Promise<void>;
}

/** Both directions in one object, such as a connection that speaks in messages. */
export interface ObjectStream<T> extends ReceiveStream<T>, SendStream<T> {
  /** Ends the outgoing half only: the other side receives `EndOfStream`, this side goes on receiving. */
  sendEof(): Promise<void>;
}

/** A memory stream at one moment, exactly. [M9] */
export interface MemoryStreamStatistics {
  /** Items that were sent and not received yet. What a waiting sender holds is not among them. */
  readonly currentBufferUsed: number;
  /** The capacity. */
  readonly maxBufferSize: number;
  /** Send ends that have not been closed: the first one and its clones. */
  readonly openSendStreams: number;
  /** Receive ends that have not been closed: the first one and its clones. */
  readonly openReceiveStreams: number;
  /** Calls of `send()`, and cases of `select()`, that wait. */
  readonly tasksWaitingSend: number;
  /** Calls of `receive()`, and cases of `select()`, that wait. */
  readonly tasksWaitingReceive: number;
}
