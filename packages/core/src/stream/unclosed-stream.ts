import { hostProcess } from "../host.ts";

/** What is known of a stream whose ends may be collected before they are closed. It must not hold them. */
export class StreamWatch {
  /** Nobody can wait at it for ever, and nothing in it can be lost: what is dropped from here on is no mistake. */
  over = false;
  private readonly kind: string;
  private readonly createdAt: string | undefined;

  constructor(kind: string) {
    this.kind = kind;
    this.createdAt = tracing() ? new Error("created here").stack : undefined;
  }

  /** Begins to watch one end of the stream. */
  add(end: object): void {
    unclosed.register(end, this, end);
  }

  /** The end has been closed. */
  remove(end: object): void {
    unclosed.unregister(end);
  }

  /** @internal One of its ends has been collected unclosed. Says so once a stream. [M10] */
  dropped(): void {
    if (this.over) return;
    this.over = true;
    const where =
      this.createdAt === undefined
        ? "Set ANYWHEN_TRACE=1 to see where it was created"
        : `It was created here:\n${this.createdAt}`;
    hostProcess?.emitWarning?.(
      `${this.kind} was dropped without close(), so its other end may wait for ever. Close each end, ` +
        `for example with \`using\`. ${where}`,
      { type: "AnywhenWarning", code: "ANYWHEN_UNCLOSED_STREAM" },
    );
  }
}

const unclosed = new FinalizationRegistry<StreamWatch>((watch) => watch.dropped());

/** Read for each stream, so that a test or a debugger can switch it on late. Some hosts forbid to look. */
function tracing(): boolean {
  try {
    return hostProcess?.env?.["ANYWHEN_TRACE"] === "1";
  } catch {
    return false;
  }
}
