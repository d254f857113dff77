import { TaskGroupError, taskGroup } from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import { builtinModule } from "../host-process.ts";

/** D2: what a person sees of a failed group. */
export const diagnosticCases: readonly Case[] = [
  timeless(
    "D2.1",
    "A TaskGroupError prints each member's task name, message and stack",
    async (t) => {
      const util = builtinModule<{ inspect(value: unknown, options: object): string }>("node:util");
      if (!util) return t.skip("the host has no util.inspect");
      const error = await t.run(async () => {
        const work = taskGroup((tg) => {
          tg.startSoon(
            async function fetchOrders() {
              throw new Error("no orders");
            },
            { name: "orders" },
          );
          tg.startSoon(
            () =>
              taskGroup((inner) => {
                inner.startSoon(() => Promise.reject(new Error("no rows")), { name: "rows" });
              }),
            { name: "database" },
          );
        });
        return t.rejects(work, TaskGroupError);
      });
      const printed = util.inspect(error, {});
      for (const part of ["orders", "no orders", "fetchOrders", "database", "rows", "no rows"]) {
        t.ok(printed.includes(part), `it prints ${part}; it printed: ${printed}`);
      }
    },
  ),
];
