import { checkpoint, memoryStream, sleep, taskGroup } from "anywhen";

/** An outbox that two tasks empty: it is cleared only after all of it was sent. */
export async function doubleSend(): Promise<void> {
  const received: string[] = [];
  const outbox: string[] = [];
  const [send, receive] = memoryStream<string>(8);
  const flush = async (): Promise<void> => {
    const batch = outbox.slice();
    for (const letter of batch) await send.send(letter);
    await checkpoint(); // waits for the receipt
    outbox.splice(0, batch.length);
  };
  await taskGroup(async (tg) => {
    tg.startSoon(async function reader() {
      for await (const letter of receive) received.push(letter);
    });
    await taskGroup((writers) => {
      writers.startSoon(async function writer() {
        outbox.push("hello");
        await flush();
      });
      writers.startSoon(async function ticker() {
        await sleep(0);
        await checkpoint();
        await flush();
      });
    });
    send[Symbol.dispose]();
  });
  if (received.length !== 1) throw new Error(`sent ${received.length} times: ${received.join()}`);
}
