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
            { name: "shop" },
          );
          tg.startSoon(
            () =>
              taskGroup((inner) => {
                inner.startSoon(() => Promise.reject(new Error("no rows")), { name: "table" });
              }),
            { name: "database" },
          );
        });
        return t.rejects(work, TaskGroupError);
      });
      const printed = util.inspect(error, {});
      for (const part of ["shop", "no orders", "fetchOrders", "database", "table", "no rows"]) {
        t.ok(printed.includes(part), `it prints ${part}; it printed: ${printed}`);
      }
      const [, ...tree] = printed.split("\n");
      t.ok(
        tree.some((line) => line.includes("shop") && line.includes("no orders")),
        `below the first line there is one with a member's name and message; it printed: ${printed}`,
      );
    },
  ),
];
