/** Breaks `text` at its spaces into lines of at most `width` columns, the first after `first`, the others after as many spaces. */
export function wrapped(first: string, text: string, width = 100): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = " ".repeat(first.length);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join("\n");
}
