import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const words = ["observable", "observe", "observer", "obsidian", "obsolete", "obstacle", "obvious"];

/** A dictionary on loopback that takes its time. */
export interface Dictionary {
  readonly url: string;
  close(): void;
}

/**
 * Starts one. It thinks about each request for `delayMs`, and tells `log` whether the request was
 * answered or given up by the client.
 */
export async function startDictionary(
  delayMs: number,
  log: (event: string) => void,
): Promise<Dictionary> {
  const server = createServer((request, response) => {
    const prefix = decodeURIComponent(request.url?.slice(1) ?? "");
    log(`asked for ${prefix}`);
    const thinking = setTimeout(() => {
      log(`answered ${prefix}`);
      response.end(JSON.stringify(words.filter((word) => word.startsWith(prefix))));
    }, delayMs);
    response.on("close", () => {
      clearTimeout(thinking);
      if (!response.writableEnded) log(`aborted ${prefix}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
