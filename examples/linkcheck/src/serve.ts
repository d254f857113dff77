import { once } from "node:events";
import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { basename, extname } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  cancellable,
  currentSignal,
  isCancelled,
  shield,
  sleepForever,
  taskGroup,
  type TaskStatus,
} from "anywhen";
import { lookup } from "mrmime";
import { escapeHtml, htmlPage, renderMarkdown } from "./markdown.ts";
import { locate, type Site } from "./site.ts";

/**
 * Serves `site` on loopback until it is cancelled; reports its address once it accepts connections.
 *
 * Every request is a task of the server's group, so none outlives the server. The port is closed
 * by the time this returns.
 */
export async function serve(site: Site, status: TaskStatus<string>): Promise<void> {
  await taskGroup(async (tg) => {
    const server = createServer((request, response) => {
      const name = `${request.method} ${request.url}`;
      tg.startSoon(() => answer(site, request, response), { name });
    });
    try {
      server.listen(0, "127.0.0.1");
      await cancellable((signal) => once(server, "listening", { signal }));
      status.started(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await sleepForever();
    } finally {
      await shield(() => close(server));
    }
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await respond(site, request, response);
  } catch (error) {
    if (isCancelled(error)) throw error;
    // A client that went away, or a file that did: this request's failure, not the server's.
    if (!response.headersSent) response.writeHead(500);
  } finally {
    response.end();
  }
}

async function respond(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const resource = await locate(site, path);
  if (!resource) return send(response, 404, htmlPage("404", "Not found"));
  if (resource.kind === "moved") return send(response, 301, "", { location: resource.to });
  if (resource.kind === "listing") return send(response, 200, listing(path, resource.entries));

  const { file, size } = resource;
  if (isMarkdown(file)) {
    const source = await cancellable(readFile(file, "utf8"));
    return send(response, 200, renderMarkdown(source, basename(file)));
  }
  const type = lookup(file) ?? "application/octet-stream";
  // The one range that link checkers ask for; whole files are right for all others too.
  if (request.headers.range === "bytes=0-0" && size > 0) {
    const byte = await cancellable(readFirstByte(file));
    return send(response, 206, byte, {
      "content-type": type,
      "content-range": `bytes 0-0/${size}`,
    });
  }
  response.writeHead(200, { "content-type": type, "content-length": size });
  await pipeline(createReadStream(file), response, { signal: currentSignal() });
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  headers: OutgoingHttpHeaders = {},
): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { "content-type": HTML, "content-length": length, ...headers });
  response.end(body);
}

async function readFirstByte(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(1), 0, 1, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const HTML = "text/html; charset=utf-8";

function listing(path: string, entries: readonly string[]): string {
  const items = entries.map(
    (entry) => `<li><a href="./${escapeHtml(entry)}">${escapeHtml(entry)}</a>`,
  );
  return htmlPage(path, `<ul>\n${items.join("\n")}\n</ul>`);
}

function isMarkdown(file: string): boolean {
  return /^\.(?:md|markdown)$/i.test(extname(file));
}
