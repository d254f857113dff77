import { hostProcess } from "./host.ts";

const key = Symbol.for("anywhen.core");
const globals = globalThis as { [key]?: number };
const copies = (globals[key] ?? 0) + 1;
globals[key] = copies;

/** Two copies of the library in one process share no scopes: said once, as a process warning. [D3] */
if (copies === 2) {
  hostProcess?.emitWarning?.(
    "two copies of @anywhen/core are loaded: scopes and tasks of one are unknown to the other. " +
      "Make every package depend on one version of it (see `npm ls @anywhen/core`)",
    { type: "AnywhenWarning", code: "ANYWHEN_DUPLICATE" },
  );
}
