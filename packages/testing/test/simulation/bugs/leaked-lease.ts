import { CapacityLimiter, checkpoint, taskGroup } from "anywhen";

/** A worker that gives its token back, unless it is cancelled while it works. */
export async function leakedLease(): Promise<void> {
  const limiter = new CapacityLimiter(1);
  await taskGroup(async (tg) => {
    const worker = tg.startSoon(
      async () => {
        const lease = await limiter.acquire();
        await checkpoint(); // works
        lease.release();
      },
      { name: "worker" },
    );
    tg.startSoon(async function impatient() {
      for (let patience = 3; patience > 0; patience--) await checkpoint();
      worker.cancel();
    });
  });
  if (limiter.borrowedTokens > 0) throw new Error("a token has leaked");
}
