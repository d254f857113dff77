export {
  cancelEverywhere,
  type CancelEverywhereOptions,
  type CancelledEverywhere,
} from "./simulation/cancel-everywhere.ts";
export { explore, type Exploration, type ExploreOptions } from "./simulation/explore.ts";
export { simulate, type SimulateOptions, type Simulation } from "./simulation/simulate.ts";
export { SimulationError, type FailedRun } from "./simulation/simulation-error.ts";
export type { Program, SimulationLimits } from "./simulation/run-once.ts";
export type { Choices } from "./simulation/schedule.ts";
export type { Place, Target } from "./simulation/injection.ts";
