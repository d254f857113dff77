import { taskGroup } from "anywhen";
import { baseline, type Row, subject } from "../row.ts";

const width = 10;
const depth = 3;
const leaves = width ** depth;

async function groupTree(levels: number): Promise<void> {
  if (levels === 0) return;
  await taskGroup((tg) => {
    for (let index = 0; index < width; index++) tg.startSoon(() => groupTree(levels - 1));
  });
}

async function promiseTree(levels: number): Promise<void> {
  if (levels === 0) return;
  const calls: Promise<void>[] = [];
  for (let index = 0; index < width; index++) calls.push(promiseTree(levels - 1));
  await Promise.all(calls);
}

async function trees(count: number, tree: (levels: number) => Promise<void>): Promise<void> {
  for (let grown = 0; grown < count; grown += leaves) await tree(depth);
}

export const row: Row = {
  name: "nested-groups",
  operation: `one of the ${leaves.toLocaleString("en-GB")} innermost tasks of groups of ${width}, ${depth} levels deep`,
  unit: "ns",
  operations: 30 * leaves,
  contenders: [
    subject("taskGroup", (count) => trees(count, groupTree)),
    ...baseline("Promise.all", (count) => trees(count, promiseTree), 8),
  ],
};
