import { checkpointMutants } from "./core/checkpoints.ts";
import { deadlineMutants } from "./core/deadlines.ts";
import { groupMutants } from "./core/groups.ts";
import { helperMutants } from "./core/helpers.ts";
import { lockMutants } from "./core/locks.ts";
import { runMutants } from "./core/runs.ts";
import { scopeMutants } from "./core/scopes.ts";
import { selectMutants } from "./core/select.ts";
import { startMutants } from "./core/start.ts";
import { streamMutants } from "./core/streams.ts";
import { syncMutants } from "./core/sync.ts";
import { taskMutants } from "./core/tasks.ts";
import { valueMutants } from "./core/values.ts";
import type { CoreMutant } from "./mutant.ts";

/** The core, with one fault each. */
export const coreMutants: readonly CoreMutant[] = [
  ...checkpointMutants,
  ...scopeMutants,
  ...deadlineMutants,
  ...groupMutants,
  ...startMutants,
  ...taskMutants,
  ...lockMutants,
  ...syncMutants,
  ...streamMutants,
  ...selectMutants,
  ...helperMutants,
  ...runMutants,
  ...valueMutants,
];
