import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { currentSignal, run, taskGroup, type TaskStatus } from "anywhen";
import { describe, expect, it } from "vitest";
import { serve } from "../src/serve.ts";
import type { Site } from "../src/site.ts";

/** Serves `files`, by path, from a new folder; `body` gets a function that fetches from it. */
async function withFolder(
  files: Readonly<Record<string, string>>,
  body: (
    get: (path: string, headers?: Record<string, string>) => Promise<Response>,
  ) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "linkcheck-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const site: Site = { mounts: new Map([["/", folder]]) };
    await run(() =>
      taskGroup(async (tg) => {
        const url = await tg.start((status: TaskStatus<string>) => serve(site, status));
        await body((path, headers = {}) =>
          fetch(url.slice(0, -1) + path, { headers, redirect: "manual", signal: currentSignal() }),
        );
        tg.cancel();
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("serve", () => {
  it("renders Markdown with the heading ids of GitHub", () =>
    withFolder(
      { "a.md": "---\ntitle: x\n---\n# It's **here**\n\n## Twice\n\n## Twice\n" },
      async (get) => {
        const response = await get("/a.md");
        const html = await response.text();
        expect(response.headers.get("content-type")).toMatch("text/html");
        expect(html.match(/id="[^"]*"/g)).toEqual(['id="its-here"', 'id="twice"', 'id="twice-1"']);
      },
    ));

  it("lists a folder without index.html, save hidden files and dependencies", () =>
    withFolder({ "b c.md": "", "sub/x": "", ".git/x": "", "node_modules/x": "" }, async (get) => {
      const html = await (await get("/")).text();
      expect(html.match(/href="[^"]*"/g)).toEqual(['href="./b%20c.md"', 'href="./sub/"']);
    }));

  it("serves index.html, and any other file with its type", () =>
    withFolder({ "index.html": "<p>", "data.json": "{}", "empty.txt": "" }, async (get) => {
      expect(await (await get("/")).text()).toBe("<p>");
      expect((await get("/data.json")).headers.get("content-type")).toBe("application/json");
      expect((await get("/empty.txt", { range: "bytes=0-0" })).status).toBe(200);
    }));

  it("sends the first byte to who asks for it", () =>
    withFolder({ "data.json": "{}" }, async (get) => {
      const response = await get("/data.json", { range: "bytes=0-0" });
      expect(response.status).toBe(206);
      expect(await response.text()).toBe("{");
    }));

  it("redirects to the address of a folder that ends in a slash", () =>
    withFolder({ "sub/x": "" }, async (get) => {
      const response = await get("/sub");
      expect(response.status).toBe(301);
      expect(response.headers.get("location")).toBe("/sub/");
    }));

  it.each(["/none", "/a.md/", "/..%2fa.md", "/%00", "/%E0%A4%A"])("answers %s with 404", (path) =>
    withFolder({ "a.md": "" }, async (get) => {
      expect((await get(path)).status).toBe(404);
    }),
  );
});
