/** The parts of Node's `process` that a case may use where there is one; browsers have none. */
export interface HostProcess {
  on(event: string, listener: (error: unknown) => void): unknown;
  off(event: string, listener: (error: unknown) => void): unknown;
  listeners(event: string): ((error: unknown) => void)[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?(name: string): unknown;
  /** The kinds of what keeps the process alive, one for each. */
  getActiveResourcesInfo?(): string[];
  /** Microseconds of processor time. */
  cpuUsage?(): { readonly user: number; readonly system: number };
}

/** The host's `process`, or undefined. */
export function hostProcess(): HostProcess | undefined {
  const { process } = globalThis as unknown as { process?: Partial<HostProcess> };
  return typeof process?.on === "function" && typeof process.listeners === "function"
    ? (process as HostProcess)
    : undefined;
}

/** A built-in module of Node, or undefined where there is none. */
export function builtinModule<T>(name: string): T | undefined {
  return hostProcess()?.getBuiltinModule?.(name) as T | undefined;
}
