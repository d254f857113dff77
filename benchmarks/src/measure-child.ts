// Measures one row in a process of its own, so that no row sees what another made the engine believe.
import { writeFileSync } from "node:fs";
import { measureRow, type MissingRow, type RowResult, type Settings } from "./measure.ts";
import { whatIsMissing } from "./requirements.ts";
import { environment, type Environment } from "./results.ts";
import { loadRow } from "./rows/index.ts";

/** What the process writes. */
export interface Measured {
  readonly environment: Environment;
  readonly row: RowResult | MissingRow;
}

const [name = "", settings = "{}", file = ""] = process.argv.slice(2);
const around = environment();
const row = await loadRow(name);
const missing = whatIsMissing(row);
const measured: Measured = {
  environment: around,
  row:
    missing === undefined
      ? await measureRow(row, JSON.parse(settings) as Settings)
      : { name, missing, failed: false },
};
writeFileSync(file, JSON.stringify(measured));
// Some peers leave timers or schedulers behind.
process.exit();
