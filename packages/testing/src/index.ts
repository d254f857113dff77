export { virtual, type VirtualOptions } from "./virtual-time/virtual.ts";
export { withVirtualTime, type WithVirtualTimeOptions } from "./virtual-time/with-virtual-time.ts";
export type { VirtualBackend, VirtualClock, VirtualClockOptions } from "@anywhen/core";
