import { checkpoint, gather } from "anywhen";

/** Two deposits onto one balance, which is read before an await and written after it. */
export async function lostUpdate(): Promise<void> {
  let balance = 0;
  const deposit = async (amount: number): Promise<void> => {
    const before = balance;
    await checkpoint();
    balance = before + amount;
  };
  await gather(
    async function early() {
      await deposit(10);
    },
    async function late() {
      await checkpoint();
      await checkpoint();
      await deposit(5);
    },
  );
  if (balance !== 15) throw new Error("an update was lost");
}
