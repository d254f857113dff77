import { taskGroup } from "anywhen";
import { fetchPage, type FetchOptions, type Page } from "./fetch-page.ts";

export interface CrawlOptions extends Omit<FetchOptions, "onRetry"> {
  /** Most requests in flight at a time. */
  readonly concurrency: number;
}

/** What a crawl has found so far; it grows while the crawl runs and stays valid when it is stopped. */
export interface Findings {
  /** Every address visited, without fragment. */
  readonly pages: Map<string, Page>;
  /** Addresses known but not yet visited. */
  waiting: number;
  /** Attempts that had to be repeated. */
  retries: number;
}

export function createFindings(): Findings {
  return { pages: new Map(), waiting: 0, retries: 0 };
}

/**
 * Visits `start` and every address of the same origin that can be reached from it.
 *
 * Returns when all have been visited. Cancelling it ends the requests in flight; `findings` then
 * holds what was complete. Which addresses are visited does not depend on the order of answers.
 */
export async function crawl(
  start: string,
  options: CrawlOptions,
  findings: Findings,
): Promise<void> {
  const site = `${new URL(start).origin}/`;
  const discovered = new Set<string>();
  const queue: string[] = [];
  let next = 0;
  let workers = 0;

  const fetchOptions: FetchOptions = {
    ...options,
    onRetry: () => {
      findings.retries += 1;
    },
  };

  await taskGroup((tg) => {
    // Workers are hired when work appears and leave when there is none, so the group ends by
    // itself when the last one leaves: nobody has to notice that the crawl is complete.
    function discover(url: string): void {
      if (!url.startsWith(site) || discovered.has(url)) return;
      discovered.add(url);
      queue.push(url);
      findings.waiting += 1;
      if (workers === options.concurrency) return;
      workers += 1;
      tg.startSoon(work, { name: `worker ${workers}` });
    }

    async function work(): Promise<void> {
      for (let url = queue[next]; url !== undefined; url = queue[next]) {
        next += 1;
        findings.waiting -= 1;
        const page = await fetchPage(url, fetchOptions);
        findings.pages.set(url, page);
        for (const target of targets(page)) discover(target);
      }
      workers -= 1;
    }

    discover(withoutFragment(start));
  });
}

function targets(page: Page): readonly string[] {
  if (page.kind === "redirect") return [withoutFragment(page.to)];
  if (page.kind !== "document") return [];
  return page.links.map((link) => link.url).filter((url) => url !== undefined);
}

/** The address under which `findings` knows a page. */
export function withoutFragment(url: string): string {
  const parsed = new URL(url);
  parsed.hash = "";
  return parsed.href;
}
