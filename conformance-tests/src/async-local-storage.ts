import { builtinModule } from "./host-process.ts";

/** The part of Node's `AsyncLocalStorage` that the cases use. */
export interface AsyncLocalStorage<T> {
  getStore(): T | undefined;
  run<R>(value: T, body: () => R): R;
}

/** What only the runner of a case calls: on older hosts a storage in use slows down every promise. */
export interface HostStorage<T> extends AsyncLocalStorage<T> {
  disable(): void;
}

/** A fresh `AsyncLocalStorage` of the host, or undefined where it has none. */
export function asyncLocalStorage<T>(): HostStorage<T> | undefined {
  const module = builtinModule<{ AsyncLocalStorage?: new () => HostStorage<T> }>(
    "node:async_hooks",
  );
  return module?.AsyncLocalStorage && new module.AsyncLocalStorage();
}
