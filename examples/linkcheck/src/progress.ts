import { sleep } from "anywhen";
import { createLogUpdate } from "log-update";
import type { Findings } from "./crawl.ts";

/** True if a person is watching: a line that rewrites itself is noise in a log. */
export function isWatched(): boolean {
  return process.stderr.isTTY && !process.env["CI"];
}

/** Keeps one line on the terminal up to date until it is cancelled, then removes it. */
export async function showProgress(findings: Findings): Promise<never> {
  const update = createLogUpdate(process.stderr);
  try {
    for (;;) {
      const retries = findings.retries > 0 ? `, ${findings.retries} retries` : "";
      update(`checked ${findings.pages.size}, waiting ${findings.waiting}${retries}`);
      await sleep(100);
    }
  } finally {
    update.clear();
    update.done();
  }
}
