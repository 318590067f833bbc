import { count } from "./words.ts";

/** Markup in which a forgotten escape is no hole: whatever is not `Html` already becomes text. */
export class Html {
  readonly markup: string;

  /** For markup that holds nothing from outside. */
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Part = string | number | Html | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text between tags and for attributes in either kind of quotes. */
export const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

function markupOf(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === "object") return part.map(markupOf).join("");
  return escapeText(String(part));
}

export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.reduce((markup, string, index) => markup + markupOf(parts[index - 1] ?? "") + string));

export const NOTHING = new Html("");

/** What a list shows before the rest is folded away. */
const SHOWN = 4;

/** Folding one or two lines would only hide them. */
const FOLDED_AT_LEAST = 3;

export function foldedList(items: readonly Part[]): Html {
  const list = (some: readonly Part[]): Html => html`<ul>${some.map((item) => html`<li>${item}</li>`)}</ul>`;
  if (items.length < SHOWN + FOLDED_AT_LEAST) return list(items);
  const rest = items.slice(SHOWN);
  return html`${list(items.slice(0, SHOWN))}<details><summary>${count(rest.length)} more</summary>${list(rest)}</details>`;
}
