import { readdirSync, readFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as first from "anywhen";
import { say } from "./say.ts";

// D3: the sources of the core are loaded from other places too, as by a second installed version.
const source = join(dirname(fileURLToPath(import.meta.resolve("@anywhen/core"))));

function copy(): string {
  const to = mkdtempSync(join(tmpdir(), "anywhen-copy-"));
  process.on("exit", () => rmSync(to, { recursive: true, force: true }));
  writeFileSync(join(to, "package.json"), '{"type":"module"}');
  for (const name of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    mkdirSync(dirname(join(to, name)), { recursive: true });
    writeFileSync(join(to, name), readFileSync(join(source, name)));
  }
  return pathToFileURL(join(to, "index.ts")).href;
}

process.on("warning", (warning) => {
  const { code } = warning as { code?: string };
  say(`warning ${code}`);
});

const more = ["one", "two", "three"].indexOf(process.argv[2] ?? "");
const copies = Array.from({ length: more }, copy);
for (const url of copies) {
  const second = (await import(url)) as typeof first;
  const { cancelScope, isCancelled, sleepForever } = first;
  await first.run(() =>
    cancelScope(async (scope) => {
      scope.cancel();
      const error: unknown = await sleepForever().catch((caught: unknown) => caught);
      say(`known to the other copy ${second.isCancelled(error) && isCancelled(error)}`);
    }),
  );
}
await new Promise((resolve) => setImmediate(resolve));
say("done");
