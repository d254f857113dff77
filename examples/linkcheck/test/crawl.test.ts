import { cancelScope, run } from "anywhen";
import { describe, expect, it } from "vitest";
import { crawl, createFindings, type CrawlOptions, type Findings } from "../src/crawl.ts";
import { makeReport, type Problem, type Report } from "../src/report.ts";
import { inTurn, reset, silence, status, withSite, type Answer } from "./fixture-site.ts";

const OPTIONS: CrawlOptions = { concurrency: 4, timeout: 10_000, backoff: 1 };

interface Outcome {
  readonly report: Report;
  readonly findings: Findings;
  readonly requests: readonly string[];
}

function check(
  answers: Record<string, Answer>,
  options: Partial<CrawlOptions> = {},
): Promise<Outcome> {
  return withSite(answers, async ({ url, requests }) => {
    const findings = createFindings();
    await run(() => crawl(url, { ...OPTIONS, ...options }, findings));
    return { report: makeReport("fixture", url, findings, true), findings, requests };
  });
}

async function problems(
  answers: Record<string, Answer>,
  options?: Partial<CrawlOptions>,
): Promise<readonly Problem[]> {
  return (await check(answers, options)).report.problems;
}

describe("crawl", () => {
  it("reports a link to a page that does not exist", async () => {
    expect(await problems({ "/": `<a href="gone">` })).toEqual([
      { page: "/", link: "gone", kind: "link", reason: "HTTP 404" },
    ]);
  });

  it("reports an anchor that its page does not have, and no other", async () => {
    const found = await problems({
      "/": `<a href="page#here"><a href="page#nowhere"><a href="#"><a href="page#top">`,
      "/page": `<h1 id="here">`,
    });
    expect(found).toEqual([
      { page: "/", link: "page#nowhere", kind: "anchor", reason: 'no anchor "nowhere"' },
    ]);
  });

  it("looks for the anchor where the redirect leads", async () => {
    const found = await problems({
      "/": `<a href="old#a"><a href="old#b">`,
      "/old": status(301, { location: "/new" }),
      "/new": `<p id="a">`,
    });
    expect(found.map(({ link }) => link)).toEqual(["old#b"]);
  });

  it("reports redirects that lead in a circle", async () => {
    const found = await problems({
      "/": `<a href="a">`,
      "/a": status(302, { location: "/b" }),
      "/b": status(302, { location: "/a" }),
    });
    expect(found.map(({ reason }) => reason)).toEqual(["redirects in a circle"]);
  });

  it("visits every page of a cycle once", async () => {
    const { requests, report } = await check({
      "/": `<a href="a"><a href="a#x">`,
      "/a": `<p id="x"><a href="b">`,
      "/b": `<a href="/"><a href="a">`,
    });
    expect(requests).toEqual(["/", "/a", "/b"]);
    expect(report.problems).toEqual([]);
  });

  it("counts links to other sites and leaves these alone", async () => {
    const { report, findings } = await check({ "/": `<a href="https://nowhere.invalid/">` });
    expect(report.summary).toMatchObject({ links: 1, external: 1, brokenLinks: 0 });
    expect(findings.pages.size).toBe(1);
  });

  it("asks for one byte of what is named like a file", async () => {
    const ranges = new Map<string, unknown>();
    await check({
      "/": `<img src="logo.png"><a href="page.html">`,
      "/logo.png": (request, response) => {
        ranges.set("png", request.headers.range);
        response.writeHead(206, { "content-type": "image/png", "content-length": 1 }).end("x");
      },
      "/page.html": (request, response) => {
        ranges.set("html", request.headers.range);
        response.end();
      },
    });
    expect(Object.fromEntries(ranges)).toEqual({ png: "bytes=0-0", html: undefined });
  });

  it("tries again after a 5xx, a 429 and a reset, also in mid-body", async () => {
    const torn: Answer = (request, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.write("<p>and then", () => request.socket.resetAndDestroy());
    };
    const { requests, report, findings } = await check({
      "/": `<a href="busy"><a href="flaky"><a href="torn">`,
      "/torn": inTurn(torn, "fine"),
      "/busy": inTurn(status(503), status(429), "fine"),
      "/flaky": inTurn(reset, "fine"),
    });
    expect(report.problems).toEqual([]);
    expect(requests.filter((path) => path === "/busy")).toHaveLength(3);
    expect(findings.retries).toBe(4);
  });

  it("gives up after three attempts", async () => {
    const { requests, report } = await check({ "/": `<a href="down">`, "/down": status(500) });
    expect(report.problems.map(({ reason }) => reason)).toEqual(["HTTP 500"]);
    expect(requests.filter((path) => path === "/down")).toHaveLength(3);
  });

  it("does not try again after a 4xx", async () => {
    const { requests } = await check({ "/": status(403) });
    expect(requests).toEqual(["/"]);
  });

  it("reports a page that never answers, or never ends, when its time is up", async () => {
    const halfAnswer: Answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).write("<p>and then");
    };
    const found = await problems(
      { "/": `<a href="silent"><a href="half">`, "/silent": silence, "/half": halfAnswer },
      { timeout: 500, attempts: 1 },
    );
    expect(found.map(({ link, reason }) => [link, reason])).toEqual([
      ["half", "no answer within 500 ms"],
      ["silent", "no answer within 500 ms"],
    ]);
  });

  it("reports a start page that cannot be reached", async () => {
    const closed = await withSite({}, async ({ url }) => url);
    const findings = createFindings();
    await run(() => crawl(closed, OPTIONS, findings));
    expect(makeReport("fixture", closed, findings, true).problems).toMatchObject([
      { page: "(start)", kind: "link", reason: expect.stringMatching(/refused/i) },
    ]);
  });

  it("keeps at most `concurrency` requests in flight", async () => {
    let inFlight = 0;
    let most = 0;
    const slow: Answer = (_, response) => {
      most = Math.max(most, ++inFlight);
      setImmediate(() => {
        inFlight -= 1;
        response.end();
      });
    };
    const paths = Array.from({ length: 30 }, (_, index) => `/${index}`);
    const links = paths.map((path) => `<a href="${path}">`).join("");
    await check(
      { "/": links, ...Object.fromEntries(paths.map((path) => [path, slow])) },
      { concurrency: 3 },
    );
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });

  it("reports the same whatever the concurrency", async () => {
    const paths = Array.from({ length: 30 }, (_, index) => `/${index}`);
    const links = paths.map((path) => `<a href="${path}#x"><a href="${path}/gone">`).join("");
    const site = { "/": links, ...Object.fromEntries(paths.map((path) => [path, links])) };
    const [one, many] = await Promise.all([
      check(site, { concurrency: 1 }),
      check(site, { concurrency: 20 }),
    ]);
    expect(many.report).toEqual(one.report);
    expect(one.report.summary.brokenLinks).toBe(31 * 30);
  });

  it("keeps what it found when it is cancelled", async () => {
    let stop: () => void = () => {};
    const stuck: Answer = () => stop();
    const report = await withSite({ "/": `<a href="stuck">`, "/stuck": stuck }, async ({ url }) => {
      const findings = createFindings();
      await run(() =>
        cancelScope((scope) => {
          stop = () => scope.cancel("seen enough");
          return crawl(url, OPTIONS, findings);
        }),
      );
      return makeReport("fixture", url, findings, false);
    });
    expect(report).toMatchObject({ complete: false, summary: { pages: 1, unchecked: 1 } });
  });
});
