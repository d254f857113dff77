import pc from "picocolors";
import { withoutFragment, type Findings } from "./crawl.ts";
import type { Link } from "./extract-links.ts";
import type { Page } from "./fetch-page.ts";

/** A reference that leads nowhere. Pages are paths below the site's origin. */
export interface Problem {
  readonly page: string;
  /** The reference as it stands in the page. */
  readonly link: string;
  readonly kind: "link" | "anchor";
  readonly reason: string;
}

/** The outcome of a crawl: the same for the same site, whatever the backend, concurrency and port. */
export interface Report {
  readonly schema: 1;
  readonly site: string;
  /** False if the crawl was stopped before every address was visited. */
  readonly complete: boolean;
  readonly summary: {
    readonly pages: number;
    /** Addresses that exist and are not HTML. */
    readonly files: number;
    readonly links: number;
    /** Links to other sites, which are not checked. */
    readonly external: number;
    /** Links to addresses that were not visited because the crawl was stopped. */
    readonly unchecked: number;
    readonly brokenLinks: number;
    readonly brokenAnchors: number;
  };
  /** Sorted by page, then by link. */
  readonly problems: readonly Problem[];
}

type Verdict = "fine" | "external" | "unchecked" | Pick<Problem, "kind" | "reason">;

/** Judges every link of the pages found. */
export function makeReport(
  site: string,
  start: string,
  findings: Findings,
  complete: boolean,
): Report {
  const { pages } = findings;
  const { origin } = new URL(start);
  const problems: Problem[] = [];
  const count = { links: 0, fine: 0, external: 0, unchecked: 0 };

  const judge = (page: string, link: Link): void => {
    const verdict = check(link, pages, `${origin}/`);
    if (typeof verdict === "string") count[verdict] += 1;
    else problems.push({ page, link: link.href, ...verdict });
  };

  const first = withoutFragment(start);
  judge("(start)", { href: start, url: first, fragment: "" });
  for (const [url, page] of pages) {
    if (page.kind !== "document") continue;
    count.links += page.links.length;
    for (const link of page.links) judge(url.slice(origin.length), link);
  }

  const kinds = [...pages.values()].map((page) => page.kind);
  return {
    schema: 1,
    site,
    complete,
    summary: {
      pages: kinds.filter((kind) => kind === "document").length,
      files: kinds.filter((kind) => kind === "file").length,
      links: count.links,
      external: count.external,
      unchecked: count.unchecked,
      brokenLinks: problems.filter(({ kind }) => kind === "link").length,
      brokenAnchors: problems.filter(({ kind }) => kind === "anchor").length,
    },
    problems: problems.sort((a, b) => compare(a.page, b.page) || compare(a.link, b.link)),
  };
}

function check(link: Link, pages: ReadonlyMap<string, Page>, site: string): Verdict {
  const { fragment } = link;
  let { url } = link;
  if (url === undefined) return { kind: "link", reason: "not a valid address" };
  for (const seen = new Set<string>(); ;) {
    if (!url.startsWith(site)) return "external";
    if (seen.has(url)) return { kind: "link", reason: "redirects in a circle" };
    seen.add(url);
    const page = pages.get(url);
    if (page === undefined) return "unchecked";
    if (page.kind === "broken") return { kind: "link", reason: page.reason };
    if (page.kind === "file") return "fine";
    if (page.kind === "document") {
      if (fragment === "" || page.anchors.has(fragment)) return "fine";
      return { kind: "anchor", reason: `no anchor "${fragment}"` };
    }
    url = withoutFragment(page.to);
  }
}

/** By code unit: the order must not depend on the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Lists at most `limit` problems, page by page, and the summary. */
export function formatReport(
  report: Report,
  limit: number,
  colors: ReturnType<typeof pc.createColors> = pc,
): string {
  const lines: string[] = [];
  let page: string | undefined;
  for (const problem of report.problems.slice(0, limit)) {
    if (problem.page !== page) lines.push(colors.bold((page = problem.page)));
    lines.push(`  ${colors.red("✗")} ${problem.link}  ${colors.dim(problem.reason)}`);
  }
  const hidden = report.problems.length - limit;
  if (hidden > 0) lines.push(colors.dim(`  … and ${hidden} more; --json FILE writes them all`));

  const { summary } = report;
  if (lines.length > 0) lines.push("");
  if (!report.complete) lines.push(colors.yellow("Stopped early: this is what was found so far."));
  const verdict = `${counted(summary.brokenLinks, "broken link")}, ${counted(summary.brokenAnchors, "broken anchor")}`;
  const parts = [
    counted(summary.pages, "page"),
    counted(summary.files, "other file"),
    `${counted(summary.links, "link")}: ${report.problems.length > 0 ? colors.red(verdict) : colors.green(verdict)}`,
    `${summary.external} external, not checked`,
  ];
  if (summary.unchecked > 0) parts.push(`${summary.unchecked} not reached`);
  lines.push(parts.join(", "));
  return lines.join("\n");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
