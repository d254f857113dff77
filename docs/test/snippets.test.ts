import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { formatWithOptions } from "node:util";
import { configure } from "anywhen";
import { afterEach, describe, expect, it, vi } from "vitest";
import { pages } from "./pages.ts";
import { type Snippet, snippetsOf } from "./snippet.ts";

/*
 * Every `ts` block of every page is a program: it is written into a file, type-checked and run, and
 * what it prints must be what its `// →` comments say. A block that quotes a file of the repository
 * must be in that file word for word; the file itself is run by its own tests.
 */

const folder = resolve("reports", "snippets");
rmSync(folder, { recursive: true, force: true });

const byPage = pages().map((page) => ({ page, snippets: snippetsOf(page) }));
const programs = byPage.flatMap(({ snippets }) => snippets).filter((one) => !one.quotes);

/** Each page has a folder, so that its blocks can import those it has named. */
function fileOf({ page, line, name }: Snippet): string {
  return resolve(folder, page.replaceAll(/[/.]/g, "-"), name ?? `line-${line}.ts`);
}

/** The lines keep their numbers, so that an error shows where in the page it is. */
for (const program of programs) {
  const file = fileOf(program);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${"\n".repeat(program.line)}${program.code}export {};\n`);
}

afterEach(async () => {
  vi.restoreAllMocks();
  await configure({});
});

describe.each(byPage.filter(({ snippets }) => snippets.length > 0))("$page", ({ snippets }) => {
  it.each(snippets)("line $line does what it says", async (snippet) => {
    if (snippet.quotes !== undefined) {
      expect(readFileSync(snippet.quotes, "utf8")).toContain(snippet.code);
      return;
    }
    expect(await printedBy(fileOf(snippet))).toEqual(snippet.expected);
  });
});

async function printedBy(file: string): Promise<string[]> {
  const printed: string[] = [];
  vi.spyOn(console, "log").mockImplementation((...values: unknown[]) => {
    printed.push(...formatWithOptions({ colors: false }, ...values).split("\n"));
  });
  await import(/* @vite-ignore */ pathToFileURL(file).href);
  return printed;
}

it("every snippet passes the type checker", () => {
  const config = resolve(folder, "tsconfig.json");
  const compilerOptions = { isolatedDeclarations: false, declaration: false };
  writeFileSync(
    config,
    JSON.stringify({ extends: "../../tsconfig.json", compilerOptions, include: ["**/*.ts"] }),
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["node_modules/typescript/bin/tsc", "-p", config],
    { encoding: "utf8" },
  );
  // Errors in the libraries' own sources belong to `pnpm typecheck`.
  expect(stdout.split("\n").filter((line) => line.startsWith("reports/snippets/"))).toEqual([]);
  expect(stderr).toBe("");
  expect(status === 0 || stdout !== "").toBe(true);
}, 60_000);
