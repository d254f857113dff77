interface Link {
  readonly resume: () => void;
  next: Link | undefined;
}

/** Whoever waits, first in, first out. `Array.shift` on a hundred of them would cost more than the lock. */
export class HandWrittenQueue {
  private first: Link | undefined = undefined;
  private last: Link | undefined = undefined;

  push(resume: () => void): void {
    const link: Link = { resume, next: undefined };
    if (this.last === undefined) this.first = link;
    else this.last.next = link;
    this.last = link;
  }

  shift(): (() => void) | undefined {
    const link = this.first;
    if (link === undefined) return undefined;
    this.first = link.next;
    if (this.first === undefined) this.last = undefined;
    return link.resume;
  }
}
