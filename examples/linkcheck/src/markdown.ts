import { Marked } from "marked";
import { gfmHeadingId } from "marked-gfm-heading-id";

const marked = new Marked({ gfm: true, async: false }, gfmHeadingId());

/** Renders GitHub-flavoured Markdown as an HTML page whose headings have the ids GitHub gives them. */
export function renderMarkdown(source: string, title: string): string {
  const body = marked.parse(withoutFrontMatter(source)) as string;
  return htmlPage(title, body);
}

/** Wraps `body`, which is HTML, in a document. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>\n<html><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>\n<body>\n${body}\n</body></html>\n`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Site generators put YAML between two rules at the top; as Markdown it would be a heading. */
function withoutFrontMatter(source: string): string {
  return source.replace(/^\uFEFF?---\r?\n[\s\S]*?\n---\r?\n/, "");
}
