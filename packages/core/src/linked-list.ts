/** A member of one list. Of a list only the first is kept: its `previous` is the last, which has no `next`. */
export interface Linked<N> {
  /** Undefined for one that is in no list. */
  previous: N | undefined;
  next: N | undefined;
}

/** Adds `node` at the end of the list that begins with `first`. Returns the first of the longer list. */
export function appendTo<N extends Linked<N>>(first: N | undefined, node: N): N {
  if (first === undefined) return (node.previous = node);
  const last = first.previous as N;
  node.previous = last;
  last.next = first.previous = node;
  return first;
}

/** Takes `node` out of the list that begins with `first`. Returns the first of those that are left. */
export function takeFrom<N extends Linked<N>>(first: N, node: N): N | undefined {
  const { previous, next } = node;
  (next ?? first).previous = previous;
  node.previous = node.next = undefined;
  if (first === node) return next;
  (previous as N).next = next;
  return first;
}
