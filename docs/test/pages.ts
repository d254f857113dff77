import { existsSync, readdirSync } from "node:fs";

/** Every page that users read, from the repository's root, where vitest runs. */
export function pages(): string[] {
  const readmes = ["packages", "backends", "examples", "templates"].flatMap((folder) =>
    readdirSync(folder).map((name) => `${folder}/${name}/README.md`),
  );
  return [
    "README.md",
    ...markdownBelow("docs"),
    ...[...readmes, "conformance-tests/README.md", "benchmarks/README.md"].filter((page) =>
      existsSync(page),
    ),
  ];
}

function markdownBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .toSorted();
}
