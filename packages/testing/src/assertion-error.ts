import { AnywhenError } from "anywhen";

/** What the tools of this package expected did not happen. Named and coded as Node's own. */
export class AssertionError extends AnywhenError {
  static override readonly code: string = "ERR_ASSERTION";
  static {
    this.prototype.name = "AssertionError";
  }
}
