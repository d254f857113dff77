import { writeFile } from "node:fs/promises";
import {
  BackendNotFoundError,
  cancellable,
  currentBackend,
  now,
  run,
  ScopeCancelledError,
  shield,
  taskGroup,
  type TaskStatus,
} from "anywhen";
import { CommanderError } from "commander";
import { parseArguments, type Arguments, type Target } from "./arguments.ts";
import { demoSite } from "./corpus.ts";
import { crawl, createFindings } from "./crawl.ts";
import { isWatched, showProgress } from "./progress.ts";
import { formatReport, makeReport, type Report } from "./report.ts";
import { serve } from "./serve.ts";
import type { Site } from "./site.ts";

/** Problems listed on the terminal; the JSON file holds all. */
const LISTED = 40;

const EXIT = { fine: 0, broken: 1, badArguments: 2, crashed: 70, stopped: 130 } as const;

/** Crawls the target and publishes the report, also if cancelled on the way; returns the exit code. */
async function linkcheck(args: Arguments): Promise<number> {
  const findings = createFindings();
  const begin = now();
  const site = await siteToServe(args.target);
  let start: string | undefined = args.target.kind === "url" ? args.target.url : undefined;
  let complete = false;
  let problems = 0;
  try {
    await taskGroup(async (tg) => {
      if (site) {
        start = await tg.start((status: TaskStatus<string>) => serve(site, status), {
          name: "server",
        });
      }
      if (isWatched()) tg.startSoon(() => showProgress(findings), { name: "progress" });
      await crawl(start!, args, findings);
      complete = true;
      // The server and the progress line would go on for ever.
      tg.cancel("the crawl is complete");
    });
  } finally {
    // Ctrl-C comes by here too: `shield` lets the file be written although all else is cancelled.
    await shield(async () => {
      if (start === undefined) return;
      const report = makeReport(nameOf(args.target), start, findings, complete);
      problems = report.problems.length;
      await publish(report, args, { milliseconds: now() - begin, retries: findings.retries });
    });
  }
  return problems > 0 && args.target.kind !== "demo" ? EXIT.broken : EXIT.fine;
}

/** What this program has to serve itself; undefined if the target is on the network. */
async function siteToServe(target: Target): Promise<Site | undefined> {
  if (target.kind === "url") return undefined;
  return target.kind === "demo" ? demoSite() : { mounts: new Map([["/", target.folder]]) };
}

function nameOf(target: Target): string {
  if (target.kind === "url") return target.url;
  return target.kind === "folder" ? target.folder : "demo";
}

/** Figures that differ from run to run, kept apart from the report. */
interface Figures {
  readonly milliseconds: number;
  readonly retries: number;
}

async function publish(report: Report, args: Arguments, figures: Figures): Promise<void> {
  const seconds = (figures.milliseconds / 1000).toFixed(1);
  const retries = figures.retries > 0 ? `, ${figures.retries} retries` : "";
  console.log(formatReport(report, LISTED));
  console.log(`${seconds} s on the ${currentBackend().name} backend${retries}`);
  if (args.json === undefined) return;
  const { concurrency, timeout, json } = args;
  const how = { backend: currentBackend().name, concurrency, timeout, ...figures };
  await cancellable(writeFile(json, `${JSON.stringify({ ...report, run: how }, null, 2)}\n`));
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.fine;
    console.error(`${error.message}\nSee --help.`);
    return EXIT.badArguments;
  }
  if (error instanceof BackendNotFoundError) {
    console.error(`error: ${error.message}`);
    return EXIT.badArguments;
  }
  if (error instanceof ScopeCancelledError) return EXIT.stopped;
  console.error(error);
  return EXIT.crashed;
}

try {
  const args = parseArguments(process.argv.slice(2));
  process.exitCode = await run(() => linkcheck(args), {
    name: "linkcheck",
    signals: ["SIGINT", "SIGTERM"],
    ...(args.backend !== undefined && { backend: args.backend }),
  });
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
