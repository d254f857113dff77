import { describe, expect, it } from "vitest";
import { extractLinks, type Link } from "../src/extract-links.ts";

const PAGE = "http://site.test/docs/page.html";

function links(html: string): readonly Link[] {
  return extractLinks(html, PAGE).links;
}

describe("extractLinks", () => {
  it("resolves references against the page", () => {
    expect(links(`<a href=" ../other.html#part ">`)).toEqual([
      { href: "../other.html#part", url: "http://site.test/other.html", fragment: "part" },
    ]);
  });

  it("resolves references against <base>", () => {
    expect(links(`<base href="/v2/"><a href="x">`)[0]?.url).toBe("http://site.test/v2/x");
  });

  it("collects links, images, scripts and style sheets", () => {
    const html = `<a href="a"><img src="b"><script src="c"></script><link rel="stylesheet" href="d">`;
    expect(links(html).map(({ href }) => href)).toEqual(["a", "b", "c", "d"]);
  });

  it("ignores hints, other schemes and code samples", () => {
    const html = `<link rel="preconnect" href="https://cdn.test"><a href="mailto:a@b.test">
      <img src="data:image/png;base64,AAAA"><pre>&lt;a href="x"&gt;</pre><!-- <a href="y"> -->`;
    expect(links(html)).toEqual([]);
  });

  it("keeps a reference that makes no valid address", () => {
    expect(links(`<a href="http://[">`)).toEqual([
      { href: "http://[", url: undefined, fragment: "" },
    ]);
  });

  it("counts a repeated reference once", () => {
    expect(links(`<a href="a"><a href="a"><a href="a#x">`)).toHaveLength(2);
  });

  it("decodes fragments, and leaves out those that every page has", () => {
    const html = `<a href="#caf%C3%A9"><a href="#100%"><a href="#Top"><a href="#:~:text=word">`;
    expect(links(html).map(({ fragment }) => fragment)).toEqual(["café", "100%", "", ""]);
  });

  it("collects ids, and names of anchors only", () => {
    const html = `<h1 id="a&amp;b"><a name="c"></a><input name="d">`;
    expect([...extractLinks(html, PAGE).anchors]).toEqual(["a&b", "c"]);
  });
});
