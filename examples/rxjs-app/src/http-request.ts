import { cancellable } from "anywhen";
import type { Request } from "./search.ts";

/** Asks a dictionary over HTTP. Cancellation aborts the request on the wire. */
export function httpRequest(url: string): Request {
  return (prefix) =>
    cancellable(async (signal) => {
      const response = await fetch(new URL(encodeURIComponent(prefix), url), { signal });
      return (await response.json()) as string[];
    });
}
