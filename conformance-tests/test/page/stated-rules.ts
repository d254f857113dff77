import { readFileSync } from "node:fs";

/** A rule as its page states it. */
export interface StatedRule {
  /** "C7" */
  readonly id: string;
  readonly text: string;
  /** The page says that it is not there yet. */
  readonly pending: boolean;
}

/** The rules of one page. */
export interface RulePage {
  readonly title: string;
  /** Below `docs/`. */
  readonly file: string;
  readonly rules: readonly StatedRule[];
}

const order = [
  "checkpoints",
  "scopes",
  "tasks",
  "locks",
  "streams",
  "helpers",
  "backends",
  "diagnostics",
];
const statement = /^- \*\*([A-Z]\d+[a-z]?)\*\* (.+)$/gm;
const pendingFrom = /^Not there yet/m;

/** Every rule, by page, in the order of their numbers; from the repository's root, where vitest runs. */
export function statedRules(): RulePage[] {
  return order.map((name) => {
    const file = `rules/${name}.md`;
    const text = readFileSync(`docs/${file}`, "utf8");
    const pending = pendingFrom.exec(text)?.index ?? Infinity;
    const rules = [...text.matchAll(statement)].map((match) => ({
      id: match[1] as string,
      text: match[2] as string,
      pending: match.index > pending,
    }));
    return {
      title: /^# (.+)$/m.exec(text)?.[1] ?? name,
      file,
      rules: rules.toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true })),
    };
  });
}
