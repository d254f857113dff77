// Counts what a row allocates, in a process of its own.
import { writeFileSync } from "node:fs";
import { installEvenClock } from "./even-clock.ts";

const setPace = installEvenClock();
const { countRow } = await import("./count.ts");
const { loadRow } = await import("./rows/index.ts");

const [name = "", file = ""] = process.argv.slice(2);
writeFileSync(file, JSON.stringify(await countRow(await loadRow(name), setPace)));
// Some peers leave timers or schedulers behind.
process.exit();
