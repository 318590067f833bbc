/** Lists: filtered by what the query names, and a page at a time. */
import type { Answer } from "../http.ts";
import type { Labels } from "./records.ts";

const PER_PAGE = 25;
const MOST_PER_PAGE = 50;

/** `env=prod,!old,tier!=db,team`; the forms with sets (`in (…)`) are not here. */
export function selects(selector: string, labels: Labels): boolean {
  return selector.split(",").every((term) => {
    const [, not, key, operator, value] =
      /^\s*(!?)\s*([\w./-]+)\s*(?:(!=|==?)\s*(\S*))?\s*$/.exec(term) ?? [];
    if (key === undefined) throw new Error(`the stand-in does not know the label selector ${term}`);
    if (operator === undefined) return key in labels === (not === "");
    return (labels[key] === value) === (operator !== "!=");
  });
}

/**
 * @param items as the API shows them
 * @param filters those of their fields that a query can name
 */
export function page<Item extends { readonly id: number }>(
  key: string,
  items: readonly Item[],
  query: URLSearchParams,
  filters: readonly (keyof Item & string)[],
): Answer {
  const selector = query.get("label_selector");
  const found = items.filter((item) => {
    const labels = (item as { readonly labels?: Labels }).labels ?? {};
    return (
      (selector === null || selects(selector, labels)) &&
      filters.every((field) => !query.has(field) || query.getAll(field).includes(String(item[field])))
    );
  });
  const number = Number(query.get("page") ?? 1);
  const size = Math.min(MOST_PER_PAGE, Number(query.get("per_page") ?? PER_PAGE));
  const last = Math.max(1, Math.ceil(found.length / size));
  const pagination = {
    page: number,
    per_page: size,
    previous_page: number > 1 ? number - 1 : null,
    next_page: number < last ? number + 1 : null,
    last_page: last,
    total_entries: found.length,
  };
  return {
    status: 200,
    body: { [key]: found.slice((number - 1) * size, number * size), meta: { pagination } },
  };
}
