import { describe, expect, it } from "vitest";
import { bullets, codeBlock, escapeText, folded, within } from "../../report/markdown.ts";

describe("escapeText", () => {
  it("is one line that neither mentions, links nor formats", () => {
    expect(escapeText("a\nb @octocat #1 <b> *x* https://evil.example")).toBe(
      "a b @&#8203;octocat #&#8203;1 &lt;b&gt; \\*x\\* https:&#8203;//evil.example",
    );
  });

  it("does not cut a character in two", () => {
    const text = escapeText(`${"x".repeat(296)}😀${"y".repeat(10)}`);
    expect(text).toBe(`${"x".repeat(296)}...`);
  });
});

describe("codeBlock", () => {
  it("cannot be ended by a line in it", () => {
    expect(codeBlock(["```", "a\u0007b"], "diff")).toBe("```diff\n``\na b\n```");
  });
});

describe("within", () => {
  it("keeps the lines that fit the budget, line breaks included, and counts the rest", () => {
    expect(within(["aa", "bb", "cc"], 6)).toEqual({ kept: ["aa", "bb"], left: 1 });
    expect(within(["aa", "bb"], 6)).toEqual({ kept: ["aa", "bb"], left: 0 });
    expect(within(["aaaaaaaaa", "b"], 6)).toEqual({ kept: [], left: 2 });
  });
});

describe("bullets", () => {
  const items = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index + 1}`);

  it("shows twenty items and folds the rest", () => {
    expect(bullets(items(20), 1000)).not.toContain("<details>");
    const long = bullets(items(23), 1000);
    expect(long).toContain("- 20\n\n<details><summary>3 more</summary>\n\n- 21");
    expect(long.endsWith("- 23\n\n</details>")).toBe(true);
  });

  it("says how many are beyond the budget", () => {
    expect(bullets(items(5), 8)).toBe("- 1\n- 2\n- … and 3 more");
    expect(folded("x", "y")).toBe("<details><summary>x</summary>\n\ny\n\n</details>");
  });
});
