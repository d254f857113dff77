import { readFileSync } from "node:fs";

/** One fenced TypeScript block of a page. */
export interface Snippet {
  /** The page, from the repository's root. */
  readonly page: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  readonly code: string;
  /** `file=path`: the block quotes that file of the repository, which is run where it stands. */
  readonly quotes: string | undefined;
  /** `name=my-backend.ts`: later blocks of the page may import it under that name. */
  readonly name: string | undefined;
  /** What `// →` comments promise, in order: the lines that `console.log` prints. */
  readonly expected: readonly string[];
}

const fence = /^(\s*)```(\S*)\s*(.*)$/;
const arrow = /\/\/ →(?: (.*))?$/;
const attributes = /^(?:(file|name)=(\S+))?$/;

/** The `ts` blocks of a page. Throws for a block that would be shown as TypeScript but not be run. */
export function snippetsOf(page: string): Snippet[] {
  const lines = readFileSync(page, "utf8").split("\n");
  const found: Snippet[] = [];
  for (let at = 0; at < lines.length; at++) {
    const opening = fence.exec(lines[at] as string);
    if (opening === null) continue;
    const [, indent = "", language = "", info = ""] = opening;
    const line = at + 1;
    const code: string[] = [];
    for (at++; lines[at]?.trim() !== "```"; at++) {
      if (at >= lines.length) throw new Error(`${page}:${line}: this block has no end`);
      code.push((lines[at] as string).slice(indent.length));
    }
    if (/^(?:typescript|tsx|js|javascript|mjs|mts)$/.test(language)) {
      throw new Error(`${page}:${line}: write \`\`\`ts, so that the block is run`);
    }
    if (language === "ts") found.push(snippet(page, line, code, info.trim()));
  }
  return found;
}

function snippet(page: string, line: number, code: string[], info: string): Snippet {
  const attribute = attributes.exec(info);
  if (attribute === null) {
    throw new Error(`${page}:${line}: a block takes file=… or name=…, got ${info}`);
  }
  const [, key, value] = attribute;
  return {
    page,
    line,
    code: `${code.join("\n")}\n`,
    quotes: key === "file" ? value : undefined,
    name: key === "name" ? value : undefined,
    expected: code.flatMap((text) => {
      const match = arrow.exec(text);
      return match === null ? [] : [match[1] ?? ""];
    }),
  };
}
