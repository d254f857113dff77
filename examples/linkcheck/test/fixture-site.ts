import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** HTML, or what to do with a request. */
export type Answer = string | ((request: IncomingMessage, response: ServerResponse) => void);

export interface FixtureSite {
  /** The address of "/". */
  readonly url: string;
  /** The path of every request so far, in the order of arrival. */
  readonly requests: readonly string[];
}

/** Serves `answers` by path on loopback for as long as `body` runs; all other paths are 404. */
export async function withSite<T>(
  answers: Readonly<Record<string, Answer>>,
  body: (site: FixtureSite) => Promise<T>,
): Promise<T> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    const answer = answers[path] ?? status(404);
    if (typeof answer === "function") answer(request, response);
    else response.setHeader("content-type", "text/html").end(answer);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    return await body({ url: `http://127.0.0.1:${port}/`, requests });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_, response) => response.writeHead(code, headers).end();
}

/** The answers in turn, one a request; the last one from then on. */
export function inTurn(...answers: readonly Answer[]): Answer {
  let next = 0;
  return (request, response) => {
    const answer = answers[Math.min(next++, answers.length - 1)]!;
    if (typeof answer === "function") answer(request, response);
    else response.setHeader("content-type", "text/html").end(answer);
  };
}

/** Drops the connection without an answer. */
export const reset: Answer = (request) => request.socket.resetAndDestroy();

/** Keeps the client waiting for ever. */
export const silence: Answer = () => {};
