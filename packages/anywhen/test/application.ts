import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The source of a module that offers a backend of that name; `offer` is given the expression that makes it. */
export function backendModule(
  name: string,
  offer: (made: string) => string = (made) => `export const backend = ${made};`,
): string {
  return `
    const setTimer = (ms, callback) => {
      const handle = setTimeout(callback, ms);
      return { cancel: () => clearTimeout(handle) };
    };
    const start = (task) => {
      task.attach(undefined);
      return task.run().then((outcome) => task.settled(outcome));
    };
    const make = () => ({
      name: ${JSON.stringify(name)},
      capabilities: { virtualTime: false, deterministic: false, hostCancel: false },
      now: () => performance.now(),
      setTimer,
      reschedule: (callback) => void setImmediate(callback),
      spawn: (task) => void start(task),
      run: start,
    });
    ${offer("make()")}`;
}

/** An application in a folder of its own, far from the workspace, with packages of its own. */
export class Application implements Disposable {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "anywhen-app-")));

  constructor() {
    this.write("package.json", '{"name":"app","type":"module"}');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): this {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
    return this;
  }

  /** Installs a package with one module. */
  install(name: string, text: string): this {
    const manifest = { name, version: "1.0.0", type: "module", exports: "./index.js" };
    this.write(`node_modules/${name}/package.json`, JSON.stringify(manifest));
    return this.write(`node_modules/${name}/index.js`, text);
  }

  /** Installs a package of the workspace as a copy, so that nothing of the workspace is in sight. */
  installCopy(name: string, from: string): this {
    cpSync(from, this.path(`node_modules/${name}`), {
      recursive: true,
      dereference: true,
      filter: (source) =>
        !/node_modules.(?:\.bin|@|anywhen)|[/\\](?:test|dist)$/.test(source.slice(from.length)),
    });
    return this;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
