import { currentSignal, failAfter, sleep, TimeoutError } from "anywhen";
import { lookup } from "mrmime";
import { extractLinks, type Extracted } from "./extract-links.ts";

/** What an address turned out to be. */
export type Page =
  | ({ readonly kind: "document" } & Extracted)
  | { readonly kind: "file" }
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "broken"; readonly reason: string };

export interface FetchOptions {
  /** Milliseconds one attempt may take, body included. */
  readonly timeout: number;
  /** Attempts before a passing failure counts as broken. Default 3. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubles with each further one. Default 250. */
  readonly backoff?: number;
  readonly onRetry?: (url: string, reason: string) => void;
}

/** One attempt: `passing` failures are worth another. */
interface Attempt {
  readonly page: Page;
  readonly passing: boolean;
}

/** True for a connection that the other side dropped, as happens under load and on keep-alive. */
function isPassing(reason: string): boolean {
  return /^(?:ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_SOCKET)$|reset by peer|closed|reading a body/.test(
    reason,
  );
}

/**
 * Fetches one address, and what it refers to if it is HTML.
 *
 * A site's failure is a result, never an exception: timeouts, resets, 429 and 5xx are tried again
 * with growing pauses and then are `broken`, like any other 4xx or network error. Cancellation
 * ends it at once, wherever it is.
 */
export async function fetchPage(url: string, options: FetchOptions): Promise<Page> {
  const { timeout, attempts = 3, backoff = 250, onRetry } = options;
  for (let number = 1; ; number++) {
    const { page, passing } = await attempt(url, timeout);
    if (!passing || number >= attempts) return page;
    onRetry?.(url, page.kind === "broken" ? page.reason : page.kind);
    await sleep(backoff * 2 ** (number - 1));
  }
}

async function attempt(url: string, timeout: number): Promise<Attempt> {
  try {
    return await failAfter(timeout, () => request(url));
  } catch (error) {
    if (error instanceof TimeoutError) return broken(`no answer within ${timeout} ms`, true);
    const reason = networkFailure(error);
    if (reason === undefined) throw error;
    return broken(reason, isPassing(reason));
  }
}

/** Asks for one byte only where the name promises that the body is of no interest. */
async function request(url: string): Promise<Attempt> {
  const asksForByte = hasFileExtension(url);
  let response = await send(url, asksForByte ? FIRST_BYTE : {});
  if (asksForByte && response.ok && isHtml(response)) {
    await discard(response);
    response = await send(url, {});
  }
  const { ok, status } = response;
  if (ok && isHtml(response)) {
    const page: Page = { kind: "document", ...extractLinks(await response.text(), url) };
    return { page, passing: false };
  }
  await discard(response);
  // 416: there is no first byte, because the file is empty.
  if (ok || status === 416) return { page: { kind: "file" }, passing: false };
  if (status >= 400) return broken(`HTTP ${status}`, status >= 500 || status === 429);
  return redirect(url, response);
}

/**
 * A range rather than HEAD: many servers answer HEAD with an error, and Node's `fetch` gives up
 * the connection after each, so that a big site would use up the local ports.
 */
const FIRST_BYTE = { range: "bytes=0-0" };

function send(url: string, headers: Record<string, string>): Promise<Response> {
  return fetch(url, {
    headers: { accept: "text/html,*/*;q=0.8", "user-agent": "anywhen-linkcheck", ...headers },
    // The crawl follows redirects: their target is a page like any other.
    redirect: "manual",
    signal: currentSignal(),
  });
}

/** Gives the connection back: by reading a body that is short, else by cutting it off. */
async function discard(response: Response): Promise<void> {
  const length = Number(response.headers.get("content-length") ?? Infinity);
  await (length <= 4096 ? response.arrayBuffer() : response.body?.cancel());
}

function redirect(url: string, response: Response): Attempt {
  const location = response.headers.get("location");
  if (location === null || !URL.canParse(location, url)) {
    return broken(`HTTP ${response.status} without a valid location`, false);
  }
  return { page: { kind: "redirect", to: new URL(location, url).href }, passing: false };
}

function broken(reason: string, passing: boolean): Attempt {
  return { page: { kind: "broken", reason }, passing };
}

function isHtml(response: Response): boolean {
  return /\bx?html\b/.test(response.headers.get("content-type") ?? "");
}

/** True for `logo.png`, false for `page.html`, `guide.md` (often rendered), `/folder/` and `page.php`. */
function hasFileExtension(url: string): boolean {
  const name = new URL(url).pathname.split("/").at(-1) ?? "";
  const type = name.includes(".") ? lookup(name) : undefined;
  return type !== undefined && !/html|markdown/.test(type);
}

/**
 * Why a `fetch` failed; undefined for cancellation and for errors of this program, which pass on.
 * Node tells by the code of the cause, Bun by a code of its own, Deno in words.
 */
function networkFailure(error: unknown): string | undefined {
  if (!(error instanceof TypeError)) return undefined;
  for (const candidate of [error.cause, error]) {
    if (candidate instanceof Error && "code" in candidate && typeof candidate.code === "string") {
      return candidate.code;
    }
  }
  if (!/^(?:fetch failed|terminated|error reading a body)/i.test(error.message)) return undefined;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
