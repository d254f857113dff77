import { CancelScope, sleepForever } from "@anywhen/core";

/**
 * A wait of one task that another ends. It parks in the core, so that virtual time may pass
 * meanwhile; a bare promise would count as work in progress.
 */
export class Gate {
  readonly #scope = new CancelScope({ name: "gate" });

  async wait(): Promise<void> {
    await this.#scope.run(() => sleepForever());
  }

  open(): void {
    this.#scope.cancel("the gate is open");
  }
}
