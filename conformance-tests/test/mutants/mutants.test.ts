import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { casesOf } from "./cases-of.ts";
import { survivals } from "./judge.ts";
import { isCoreMutant } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { ProgramBuilder } from "./program.ts";
import { runProgram } from "./run-program.ts";

/** A machine with much else to do is slow, and a mutant that hangs takes its time. */
const patienceMs = 120_000;

let folder: string;
let builder: ProgramBuilder;
let caught = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "anywhen-mutants-"));
  builder = new ProgramBuilder(folder);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  process.stdout.write(`mutants caught: ${caught} of ${mutants.length}\n`);
});

describe.concurrent("the suite catches", () => {
  const titled = mutants.map((mutant) => ({
    mutant,
    title: `${mutant.breaks.join(", ")}: a ${isCoreMutant(mutant) ? "core" : "backend"} that ${mutant.fault}`,
  }));
  // Again, because on a busy machine a case about the real clock may miss the moment it looks at.
  test.each(titled)("$title", { timeout: patienceMs, retry: 2 }, async ({ mutant }) => {
    expect(await survivals(mutant, builder)).toEqual([]);
    caught++;
  });

  test("nothing where nothing is wrong", { timeout: patienceMs }, async () => {
    const ids = new Set(mutants.flatMap(({ breaks }) => breaks).flatMap(casesOf));
    const order = { ids: [...ids], backendFault: undefined, timeoutMs: 4_000 };
    const complaints: string[] = [];
    for await (const { status, message } of runProgram(await builder.build(undefined), order)) {
      if (status !== "pass") complaints.push(message);
    }
    expect(complaints).toEqual([]);
  });
});

test("every mutant has a fault of its own", () => {
  expect(new Set(mutants.map(({ fault }) => fault)).size).toBe(mutants.length);
});
