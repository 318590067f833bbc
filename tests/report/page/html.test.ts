import { describe, expect, it } from "vitest";
import { escapeText, foldedList, Html, html, NOTHING } from "../../../report/page/html.ts";

describe("html", () => {
  it("escapes every part that is not markup already", () => {
    expect(html`<b title="${'"x"'}">${"<i>"}${1}${html`<u>${"&"}</u>`}${NOTHING}</b>`.markup).toBe(
      '<b title="&quot;x&quot;">&lt;i&gt;1<u>&amp;</u></b>',
    );
    expect(escapeText(`<>&"'`)).toBe("&lt;&gt;&amp;&quot;&#39;");
  });

  it("joins lists of parts", () => {
    expect(html`${["<", [new Html("<br>"), 2]]}`.markup).toBe("&lt;<br>2");
  });
});

describe("foldedList", () => {
  const list = (count: number): string =>
    foldedList(Array.from({ length: count }, (_, index) => index)).markup;

  it("shows six items whole, and of seven the first four", () => {
    expect(list(6)).not.toContain("<details>");
    expect(list(7)).toContain("<li>3</li></ul><details><summary>3 more</summary><ul><li>4</li>");
  });
});
