import { checkpoint, gather, Lock } from "anywhen";

/** Two transfers that take the same two locks in opposite order. */
export async function lockOrder(): Promise<void> {
  const checking = new Lock({ name: "checking" });
  const savings = new Lock({ name: "savings" });
  const transfer = (from: Lock, to: Lock): Promise<void> =>
    from.use(async () => {
      await checkpoint();
      await to.use(() => checkpoint());
    });
  await gather(
    async function save() {
      await transfer(checking, savings);
    },
    async function spend() {
      for (let delay = 3; delay > 0; delay--) await checkpoint();
      await transfer(savings, checking);
    },
  );
}
