import { checkpoint, taskGroup } from "anywhen";

/** Customers who each look whether a seat is free, pay, and only then take it. */
export async function checkThenAct(): Promise<void> {
  let seats = 2;
  const book = async (): Promise<void> => {
    if (seats === 0) return;
    await checkpoint(); // pays
    seats--;
  };
  await taskGroup((tg) => {
    for (const [before, name] of ["ann", "ben", "cleo"].entries()) {
      const arrive = async (): Promise<void> => {
        for (let delay = 2 * before; delay > 0; delay--) await checkpoint();
        await book();
      };
      tg.startSoon(arrive, { name });
    }
  });
  if (seats < 0) throw new Error(`oversold: ${seats} seats are left`);
}
