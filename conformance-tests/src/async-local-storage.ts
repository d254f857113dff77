import { builtinModule } from "./host-process.ts";

/** The part of Node's `AsyncLocalStorage` that the cases use. */
export interface AsyncLocalStorage<T> {
  getStore(): T | undefined;
  run<R>(value: T, body: () => R): R;
}

/** A fresh `AsyncLocalStorage` of the host, or undefined where it has none. */
export function asyncLocalStorage<T>(): AsyncLocalStorage<T> | undefined {
  const module = builtinModule<{ AsyncLocalStorage?: new () => AsyncLocalStorage<T> }>(
    "node:async_hooks",
  );
  return module?.AsyncLocalStorage && new module.AsyncLocalStorage();
}
