import type { Backend, HostedTask, Outcome } from "@anywhen/core";

/**
 * Stands in for the core, where a case tests a backend by itself: counts what runs, and makes
 * tasks by hand.
 */
export class FakeCore {
  runnable = 0;
  readonly #backend: Backend;
  #ids = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
    backend.bind?.(this);
  }

  nextDue(): number {
    return Infinity;
  }

  stuck(): boolean {
    return false;
  }

  /** Runs `body` in a root task of the backend. */
  async run(body: (host: unknown) => Promise<void>): Promise<void> {
    let failure: { error: unknown } | undefined;
    const root = this.task("root", async (host) => {
      await body(host).catch((error: unknown) => {
        failure = { error };
      });
    });
    await this.#backend.run(root);
    if (failure) throw failure.error;
  }

  /** A task that is no core's: `body` is all there is to it. */
  task(
    name: string,
    body: (host: unknown) => Promise<unknown>,
    observe: (event: string) => void = () => {},
  ): HostedTask<unknown> {
    const core = this;
    let host: unknown;
    this.#ids += 1;
    return {
      id: this.#ids,
      name,
      spawner: undefined,
      attach: (given) => {
        host = given;
      },
      async run(): Promise<Outcome> {
        observe(`${name} runs`);
        core.runnable += 1;
        await Promise.resolve();
        try {
          return { tag: "ok", value: await body(host) };
        } catch (error) {
          return { tag: "failed", error };
        }
      },
      cancel: () => observe(`${name} is cancelled`),
      settled: () => {
        observe(`${name} has settled`);
        core.#parked();
      },
    };
  }

  /** Waits for `arrival`, which the backend has to bring about, as a parked task of the core does. */
  async parked<T>(arrival: Promise<T>): Promise<T> {
    this.#parked();
    const value = await arrival;
    this.runnable += 1;
    return value;
  }

  /** A turn that the backend gives. */
  reschedule(host: unknown): Promise<void> {
    return this.parked(new Promise((resolve) => this.#backend.reschedule(resolve, host)));
  }

  #parked(): void {
    this.runnable -= 1;
    if (this.runnable === 0) this.#backend.idle?.();
  }
}
