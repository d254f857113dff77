// Measures one row in a process of its own, so that no row sees what another made V8 believe.
import { measureRow } from "./measure.ts";
import { loadRow } from "./rows/index.ts";

const [name = "", settings = "{}"] = process.argv.slice(2);
const result = await measureRow(await loadRow(name), JSON.parse(settings));
// Some peers leave timers or schedulers behind.
process.send?.(result, () => process.exit());
