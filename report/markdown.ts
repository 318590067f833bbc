/** GitHub's Markdown from text that others wrote. */

/** Control characters, and those that turn or hide the text around them. */
const INVISIBLE = /[\s\p{Cc}\p{Cf}]+/gu;

/** Names and notices are short; whatever is not, was not made to be read. */
const LONGEST = 300;

const oneLine = (text: string): string => {
  const line = text.replace(INVISIBLE, " ").trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 3).replace(/[\uD800-\uDBFF]$/, "")}...`;
};

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", $: "&#36;" };

/** Invisible, and GitHub finds no mention, issue or address across it. */
const BREAK = "&#8203;";

/**
 * Shows as the text itself: no markup, no one mentioned, no issue and no address linked. A backslash is not enough for the
 * last three, because GitHub looks for them in the text as it will be shown.
 */
export const escapeText = (text: string): string =>
  oneLine(text)
    .replace(/[&<>$]/g, (character) => ENTITIES[character] ?? "")
    .replace(/[\\`*_[\]~|]/g, "\\$&")
    .replace(/(?<!&)#|@/g, `$&${BREAK}`)
    .replace(/\b(GH)-(?=\d)/gi, `$1${BREAK}-`)
    .replace(/:\/\//g, `:${BREAK}//`)
    .replace(/\b(www)\./gi, `$1${BREAK}.`)
    // What would begin a heading, a quotation or a list.
    .replace(/^(?:[-+=#]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}${BREAK}` : `\\${start}`));

const FENCE = "```";

/** A block in which nothing is markup, and that no line of it can end. */
export function codeBlock(lines: readonly string[], language = ""): string {
  const text = lines.map((line) => line.replace(/(?! )[\s\p{Cc}\p{Cf}]/gu, " ").replace(/`{3,}/g, "``"));
  return `${FENCE}${language}\n${text.join("\n")}\n${FENCE}`;
}

/** @param summary our own words */
export const folded = (summary: string, content: string): string =>
  `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;

/** As many as stay within the budget of characters. */
export function within(lines: readonly string[], budget: number): { kept: string[]; left: number } {
  let remaining = budget;
  const end = lines.findIndex((line) => {
    remaining -= line.length + 1;
    return remaining < 0;
  });
  const kept = end < 0 ? [...lines] : lines.slice(0, end);
  return { kept, left: lines.length - kept.length };
}

/** What is seen of a list before the rest of it is folded. */
const SEEN = 20;

/** Items of our own Markdown; those beyond the budget are only counted. */
export function bullets(items: readonly string[], budget: number): string {
  const { kept, left } = within(
    items.map((item) => `- ${item}`),
    budget,
  );
  const lines = left === 0 ? kept : [...kept, `- … and ${left} more`];
  if (lines.length <= SEEN) return lines.join("\n");
  const rest = lines.slice(SEEN);
  return `${lines.slice(0, SEEN).join("\n")}\n\n${folded(`${items.length - SEEN} more`, rest.join("\n"))}`;
}
