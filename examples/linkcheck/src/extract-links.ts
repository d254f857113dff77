import { Parser } from "htmlparser2";

/** One reference of a document to another address. */
export interface Link {
  /** The reference as it stands in the document. */
  readonly href: string;
  /** The absolute address without its fragment; undefined if `href` makes no valid one. */
  readonly url: string | undefined;
  /** The decoded fragment; empty if there is none, or one that every page has (`#top`). */
  readonly fragment: string;
}

/** What a document refers to, and what others can refer to in it. */
export interface Extracted {
  readonly links: readonly Link[];
  /** Values of `id`, and of `name` on anchors. */
  readonly anchors: ReadonlySet<string>;
}

/** The attribute that makes an element refer to something. */
const REFERENCES: Readonly<Record<string, string>> = {
  a: "href",
  area: "href",
  audio: "src",
  embed: "src",
  iframe: "src",
  img: "src",
  link: "href",
  script: "src",
  source: "src",
  track: "src",
  video: "src",
};

/** Relations whose address is a hint or an identifier, not a document to fetch. */
const UNFETCHED = /\b(?:canonical|dns-prefetch|preconnect)\b/i;

/**
 * Collects the http(s) references and the anchors of an HTML document.
 *
 * References keep the order of the document; one that is written twice counts once.
 */
export function extractLinks(html: string, documentUrl: string): Extracted {
  const hrefs = new Set<string>();
  const anchors = new Set<string>();
  let base = documentUrl;

  const parser = new Parser({
    onopentag(name, attributes) {
      if (attributes["id"]) anchors.add(attributes["id"]);
      if (name === "a" && attributes["name"]) anchors.add(attributes["name"]);
      if (name === "base") base = resolve(attributes["href"] ?? "", documentUrl)?.href ?? base;
      if (name === "link" && UNFETCHED.test(attributes["rel"] ?? "")) return;
      const href = attributes[REFERENCES[name] ?? ""];
      if (href !== undefined) hrefs.add(href.trim());
    },
  });
  parser.end(html);

  const links = [...hrefs].map((href) => toLink(href, base)).filter((link) => link !== undefined);
  return { links, anchors };
}

/** Undefined for mailto:, data: and other references that lead to no page. */
function toLink(href: string, base: string): Link | undefined {
  const url = resolve(href, base);
  if (!url) return { href, url: undefined, fragment: "" };
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const fragment = decodeFragment(url.hash.slice(1));
  url.hash = "";
  return { href, url: url.href, fragment };
}

function decodeFragment(raw: string): string {
  // What follows ":~:" instructs the browser (text to highlight) and names no anchor.
  const fragment = raw.split(":~:", 1)[0] ?? "";
  if (fragment.toLowerCase() === "top") return "";
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function resolve(href: string, base: string): URL | undefined {
  return URL.canParse(href, base) ? new URL(href, base) : undefined;
}
