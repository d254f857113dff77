import type { Case } from "../case.ts";
import { absorptionCases } from "./absorption.ts";
import { asyncInputCases } from "./async-inputs.ts";
import { backendTaskCases } from "./backend-tasks.ts";
import { backendTimerCases } from "./backend-timers.ts";
import { backendTurnCases } from "./backend-turns.ts";
import { backendCases } from "./backends.ts";
import { barrierCases, resourceGuardCases } from "./barriers.ts";
import { cancellableCases } from "./cancellable.ts";
import { cancellationValueCases } from "./cancellation-values.ts";
import { capacityLimiterCases } from "./capacity-limiters.ts";
import { checkpointCases } from "./checkpoints.ts";
import { closingStreamCases } from "./closing-streams.ts";
import { conditionCancellationCases } from "./condition-cancellation.ts";
import { conditionCases } from "./conditions.ts";
import { contextCases } from "./context.ts";
import { deadlineCases } from "./deadlines.ts";
import { diagnosticCases } from "./diagnostics.ts";
import { eventCases } from "./events.ts";
import { futureCases } from "./futures.ts";
import { groupCancellationCases } from "./group-cancellation.ts";
import { groupErrorCases } from "./group-errors.ts";
import { handleCases } from "./handles.ts";
import { helperCases } from "./helpers.ts";
import { hostCancellationCases } from "./host-cancellation.ts";
import { instrumentCases } from "./instruments.ts";
import { leaseEndCases } from "./lease-ends.ts";
import { leaseCases } from "./leases.ts";
import { lockCases } from "./locks.ts";
import { memoryStreamCases } from "./memory-streams.ts";
import { nestedDeadlineCases } from "./nested-deadlines.ts";
import { scopeEndCases } from "./scope-ends.ts";
import { scopeCases } from "./scopes.ts";
import { selectChoiceCases } from "./select-choices.ts";
import { selectCases } from "./select.ts";
import { oddValueCases } from "./odd-values.ts";
import { semaphoreCases } from "./semaphores.ts";
import { shieldCases } from "./shields.ts";
import { startCases } from "./start.ts";
import { starvationCases } from "./starvation.ts";
import { streamCheckpointCases } from "./stream-checkpoints.ts";
import { streamHandOverCases } from "./stream-hand-over.ts";
import { syncCheckpointCases } from "./sync-checkpoints.ts";
import { syncStarvationCases } from "./sync-starvation.ts";
import { taskGroupCases } from "./task-groups.ts";
import { timeoutCases } from "./timeouts.ts";
import { unclosedStreamCases } from "./unclosed-streams.ts";
import { yieldingCases } from "./yielding.ts";

/** Cases that belong together. */
export interface Area {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** Every case, by area. */
export const areas: readonly Area[] = [
  { name: "checkpoints", cases: checkpointCases },
  { name: "yielding", cases: yieldingCases },
  { name: "starvation", cases: starvationCases },
  { name: "foreign promises", cases: cancellableCases },
  { name: "cancel scopes", cases: scopeCases },
  { name: "absorption", cases: absorptionCases },
  { name: "deadlines", cases: deadlineCases },
  { name: "nested deadlines", cases: nestedDeadlineCases },
  { name: "timeouts", cases: timeoutCases },
  { name: "shields", cases: shieldCases },
  { name: "cancellation as a value", cases: cancellationValueCases },
  { name: "ends of scopes", cases: scopeEndCases },
  { name: "task groups", cases: taskGroupCases },
  { name: "errors of groups", cases: groupErrorCases },
  { name: "cancellation and failure of groups", cases: groupCancellationCases },
  { name: "start()", cases: startCases },
  { name: "task handles", cases: handleCases },
  { name: "concurrency helpers", cases: [...helperCases, ...asyncInputCases] },
  { name: "odd values", cases: oddValueCases },
  { name: "checkpoints of the synchronization primitives", cases: syncCheckpointCases },
  { name: "starvation by the synchronization primitives", cases: syncStarvationCases },
  { name: "leases", cases: leaseCases },
  { name: "ends of leases", cases: leaseEndCases },
  { name: "locks", cases: lockCases },
  { name: "semaphores", cases: semaphoreCases },
  { name: "capacity limiters", cases: capacityLimiterCases },
  { name: "conditions", cases: conditionCases },
  { name: "cancellation of conditions", cases: conditionCancellationCases },
  { name: "events", cases: eventCases },
  { name: "futures", cases: futureCases },
  { name: "barriers", cases: barrierCases },
  { name: "resource guards", cases: resourceGuardCases },
  { name: "memory streams", cases: memoryStreamCases },
  { name: "hand-over in memory streams", cases: streamHandOverCases },
  { name: "ends of memory streams", cases: closingStreamCases },
  { name: "unclosed memory streams", cases: unclosedStreamCases },
  { name: "checkpoints of streams", cases: streamCheckpointCases },
  { name: "select()", cases: selectCases },
  { name: "choices of select()", cases: selectChoiceCases },
  { name: "context", cases: contextCases },
  { name: "runs and backends", cases: backendCases },
  { name: "cancellation by the host", cases: hostCancellationCases },
  { name: "turns of a backend", cases: backendTurnCases },
  { name: "timers of a backend", cases: backendTimerCases },
  { name: "tasks of a backend", cases: backendTaskCases },
  { name: "diagnostics", cases: diagnosticCases },
  { name: "instruments", cases: instrumentCases },
];

/** Every case of the suite, in the order of the areas. */
export const cases: readonly Case[] = areas.flatMap((area) => area.cases);
