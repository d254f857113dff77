import type { CaseResult, CaseStatus } from "../run-case.ts";
import { brokenStatuses } from "../report/conformance-report.ts";
import { statusGlyph } from "../report/status-glyph.ts";
import type { Terminal } from "./terminal.ts";

const clearLine = "\r\u001B[2K";

/** Tells how far a run is: one line that is written over on a terminal, else a line per hundred cases. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #total: number;
  #done = 0;
  /** The case that ended last. */
  last: string | undefined;

  constructor(terminal: Terminal, total: number) {
    this.#terminal = terminal;
    this.#total = total;
  }

  /** To be called after each case. What is broken is told at once. */
  add({ case: { id, title }, status, message }: CaseResult): void {
    this.#done += 1;
    this.last = id;
    if (isBroken(status)) this.#line(`${statusGlyph[status]} ${status} ${message ?? id}`);
    if (this.#terminal.interactive) {
      const line = `${this.#done}/${this.#total} ${id} ${title}`;
      this.#terminal.out(`${clearLine}${line.slice(0, 78)}`);
    } else if (this.#done % 100 === 0 || this.#done === this.#total) {
      this.#terminal.out(`${this.#done} of ${this.#total} cases\n`);
    }
  }

  end(): void {
    if (this.#terminal.interactive) this.#terminal.out(clearLine);
  }

  #line(text: string): void {
    this.#terminal.out(`${this.#terminal.interactive ? clearLine : ""}${text}\n`);
  }
}

function isBroken(status: CaseStatus): boolean {
  return brokenStatuses.includes(status);
}
