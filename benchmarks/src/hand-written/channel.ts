const sent = Promise.resolve();

interface Sender<T> {
  readonly item: T;
  readonly resolve: () => void;
}

/**
 * The channel that people write by hand for one sender and one receiver: a ring of fixed size, one
 * promise a call, the same promise for every send that finds room. No closing, no cancellation.
 * Capacity 0 hands items over.
 */
export class HandWrittenChannel<T> {
  private readonly ring: (T | undefined)[];
  private head = 0;
  private size = 0;
  private readonly senders: Sender<T>[] = [];
  private readonly receivers: ((item: T) => void)[] = [];

  constructor(capacity: number) {
    this.ring = Array.from({ length: capacity });
  }

  send(item: T): Promise<void> {
    const receiver = this.receivers.shift();
    if (receiver !== undefined) {
      receiver(item);
      return sent;
    }
    if (this.size < this.ring.length) {
      this.store(item);
      return sent;
    }
    return new Promise((resolve) => this.senders.push({ item, resolve }));
  }

  receive(): Promise<T> {
    if (this.canReceive) return Promise.resolve(this.take());
    return new Promise((resolve) => this.receivers.push(resolve));
  }

  get canReceive(): boolean {
    return this.size > 0 || this.senders.length > 0;
  }

  /** There must be something. */
  take(): T {
    const sender = this.senders.shift();
    sender?.resolve();
    if (this.size === 0) return (sender as Sender<T>).item;
    const item = this.ring[this.head] as T;
    this.ring[this.head] = undefined;
    this.head = (this.head + 1) % this.ring.length;
    this.size--;
    if (sender !== undefined) this.store(sender.item);
    return item;
  }

  /** Puts a receiver into the queue, and returns what takes it out again. */
  await(receiver: (item: T) => void): () => void {
    this.receivers.push(receiver);
    return () => {
      const place = this.receivers.indexOf(receiver);
      if (place !== -1) this.receivers.splice(place, 1);
    };
  }

  private store(item: T): void {
    this.ring[(this.head + this.size) % this.ring.length] = item;
    this.size++;
  }
}
