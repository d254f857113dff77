// @ts-expect-error -- it brings no types
// oxlint-disable-next-line import/default -- it is CommonJS, and Node finds no names in it
import untyped from "js-csp";

interface Channel {
  close(): void;
}

/** The calls of js-csp that rows make. */
interface Csp {
  chan(capacity?: number): Channel;
  go(routine: () => Generator<unknown, unknown>): Channel;
  put(channel: Channel, item: unknown): unknown;
  take(channel: Channel): unknown;
  alts(operations: readonly Channel[]): unknown;
  takeAsync(channel: Channel, callback: (item: unknown) => void): void;
}

export const csp: Csp = untyped as Csp;
