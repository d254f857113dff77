export { effectBackend, type EffectBackendOptions } from "./effect-backend.ts";
export { backend } from "./shared-backend.ts";
export type { TaskFiber } from "./task-fiber.ts";
export { TaskName, TaskSpans } from "./task-references.ts";

export { toEffect, type RunEffect, type ToEffectOptions } from "./to-effect.ts";
export { fromEffect } from "./from-effect.ts";
export { EffectInterruptedError } from "./cause.ts";

export { toStream } from "./to-stream.ts";
export { fromStream } from "./from-stream.ts";
export { fromQueue } from "./from-queue.ts";
export { toQueue } from "./to-queue.ts";

export { advance } from "./advance.ts";
