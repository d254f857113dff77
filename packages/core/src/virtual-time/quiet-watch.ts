import { outside } from "../context.ts";
import { nextTurn } from "../host.ts";

/**
 * Calls back when nothing has stirred for one full turn of the event loop, which drains any number
 * of microtasks. Sleeps until something stirs: it keeps no process alive.
 */
export class QuietWatch {
  readonly #onQuiet: () => void;
  readonly #onTurn = (): void => this.#look();
  #watching = false;
  #stirred = false;

  constructor(onQuiet: () => void) {
    this.#onQuiet = onQuiet;
  }

  /** Something has happened: it is quiet one full turn from now at the earliest. */
  stir(): void {
    this.#stirred = true;
    if (this.#watching) return;
    this.#watching = true;
    // Outside every context: the turn must not keep alive the scope that happened to stir.
    outside(() => nextTurn(this.#onTurn));
  }

  #look(): void {
    if (this.#stirred) {
      this.#stirred = false;
      nextTurn(this.#onTurn);
      return;
    }
    this.#watching = false;
    this.#onQuiet();
  }
}
