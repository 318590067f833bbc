/**
 * Changes of a YAML text that leave every other line as it is. The `yaml` library keeps comments when it writes a document, but
 * lays it out anew; so the text itself is edited, at the places that the library found.
 */
import { type Document, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from "yaml";

type Path = readonly string[];

const DEFAULT_STEP = 2;

/** A text with the part from `start` to `end` replaced. */
const spliced = (text: string, start: number, end: number, insert: string): string =>
  `${text.slice(0, start)}${insert}${text.slice(end)}`;

const lineStart = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;

/** Where the next line begins; a line's comment belongs to it. */
const lineEnd = (text: string, offset: number): number => {
  // A block scalar ends with its line.
  if (offset > 0 && text[offset - 1] === "\n") return offset;
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
};

const rangeOf = (node: unknown): readonly [number, number] => {
  // Every node that was parsed has one, but the library's types for parts of a document are unknown.
  const range = (node as { range?: readonly [number, number, number] | null } | null)?.range;
  if (range === undefined || range === null)
    throw new RangeError("a part of the document has no place in it");
  return [range[0], range[1]];
};

const keyOf = ({ key }: Pair): unknown => (isScalar(key) ? key.value : key);

const pairAt = (map: YAMLMap, key: string): Pair | undefined => map.items.find((pair) => keyOf(pair) === key);

/** Where a pair's last value ends, without the comments and empty lines after it. */
function endOf({ key, value }: Pair): number {
  const last = isMap(value) && value.flow !== true ? value.items.at(-1) : undefined;
  if (last !== undefined) return endOf(last);
  return rangeOf(value ?? key)[1];
}

interface Place {
  readonly map: YAMLMap;
  /** What is left of the path from there; the map may have its first key. */
  readonly rest: Path;
  /** How many columns each level is indented by. */
  readonly step: number;
}

/** The innermost map that exists on the way to a path. */
function placeOf(text: string, path: Path): Place {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) throw new RangeError("the document is no map");
  let map: YAMLMap = contents;
  let depth = 0;
  for (; depth < path.length - 1; depth++) {
    const value = pairAt(map, path[depth] ?? "")?.value;
    if (!isMap(value) || value.items.length === 0) break;
    map = value;
  }
  const first = contents.items.map(({ value }) => value).find((value) => isMap(value) && value.flow !== true);
  const step = isMap(first) && first.items[0] ? columnOf(text, first.items[0]) : DEFAULT_STEP;
  return { map, rest: path.slice(depth), step: step || DEFAULT_STEP };
}

const columnOf = (text: string, { key }: Pair): number => {
  const [start] = rangeOf(key);
  return start - lineStart(text, start);
};

type Value = string | { readonly [key: string]: Value };

const scalar = (text: string): string =>
  /^[A-Za-z](?:[A-Za-z0-9_:+/=.-]*[A-Za-z0-9_+/=.-])?$/.test(text) ? text : JSON.stringify(text);

const flow = (value: Value): string =>
  typeof value === "string"
    ? scalar(value)
    : `{ ${Object.entries(value)
        .map(([key, inner]) => `${scalar(key)}: ${flow(inner)}`)
        .join(", ")} }`;

function block(key: string, value: Value, column: number, step: number): string {
  const start = `${" ".repeat(column)}${scalar(key)}:`;
  if (typeof value === "string") return `${start} ${scalar(value)}\n`;
  const inner = Object.entries(value).map(([name, each]) => block(name, each, column + step, step));
  return `${start}\n${inner.join("")}`;
}

const nested = (path: Path, value: Value): Value =>
  path.reduceRight<Value>((inner, key) => ({ [key]: inner }), value);

/** A value put in the place of one that is not a map: the key's own line keeps its comment. */
function replaced(text: string, pair: Pair, value: Value, step: number): string {
  const [, keyEnd] = rangeOf(pair.key);
  const [start, end] = pair.value === null ? [keyEnd, keyEnd] : rangeOf(pair.value);
  if (typeof value === "string") return spliced(text, start, end, scalar(value));
  const colon = text.indexOf(":", keyEnd) + 1;
  // Where there is no value, the library places it behind the colon and the blanks after it.
  const emptied = start === end ? text : spliced(text, colon, end, "");
  const at = lineEnd(emptied, colon);
  const column = columnOf(text, pair) + step;
  const lines = Object.entries(value).map(([key, inner]) => block(key, inner, column, step));
  return spliced(emptied, at, at, `${emptied[at - 1] === "\n" ? "" : "\n"}${lines.join("")}`);
}

function withValue(text: string, path: Path, value: string): string {
  const { map, rest, step } = placeOf(text, path);
  const [key = "", ...deeper] = rest;
  const inner = nested(deeper, value);
  const existing = pairAt(map, key);
  const isFlow = map.flow === true;
  if (existing !== undefined) {
    if (isFlow && typeof inner !== "string") throw new RangeError("a flow map has no lines");
    return replaced(text, existing, inner, step);
  }
  const [first, last] = [map.items[0], map.items.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError("an empty map has no place for a key");
  if (isFlow) return spliced(text, endOf(last), endOf(last), `, ${scalar(key)}: ${flow(inner)}`);
  const end = lineEnd(text, endOf(last));
  const written = block(key, inner, columnOf(text, first), step);
  return spliced(text, end, end, `${text[end - 1] === "\n" ? "" : "\n"}${written}`);
}

function withoutPair(text: string, path: Path): string {
  const { map, rest } = placeOf(text, path);
  const [key, ...deeper] = rest;
  const pair = pairAt(map, key ?? "");
  if (pair === undefined || deeper.length > 0) throw new RangeError("there is nothing at this path");
  const [start, end] = [rangeOf(pair.key)[0], endOf(pair)];
  if (map.flow !== true) return spliced(text, lineStart(text, start), lineEnd(text, end), "");
  const index = map.items.indexOf(pair);
  const [before, after] = [map.items[index - 1], map.items[index + 1]];
  if (after !== undefined) return spliced(text, start, rangeOf(after.key)[0], "");
  return spliced(text, before === undefined ? start : endOf(before), end, "");
}

const contentOf = (document: Document): string => JSON.stringify(document.toJS());

/** @param edit of the text; where it does not lead to the same content as the change, the library lays the text out */
function edited(text: string, change: (document: Document) => void, edit: () => string): string {
  const document = parseDocument(text);
  change(document);
  try {
    const result = edit();
    const parsed = parseDocument(result);
    if (parsed.errors.length === 0 && contentOf(parsed) === contentOf(document)) return result;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return document.toString({ lineWidth: 0 });
}

/** The text with a value at a path; maps that are missing on the way to it are created. */
export const setIn = (text: string, path: Path, value: string): string =>
  edited(
    text,
    (document) => {
      // The library creates maps where there is nothing, but not in the place of something else.
      const depth = path.findIndex(
        (_, index) => index > 0 && !isMap(document.getIn(path.slice(0, index), true)),
      );
      if (depth === -1) document.setIn(path, value);
      else document.setIn(path.slice(0, depth), document.createNode(nested(path.slice(depth), value)));
    },
    () => withValue(text, path, value),
  );

/**
 * The text without what is at a path, and without the maps around it that would be left empty.
 *
 * @param depth of the maps that stay, empty or not
 * @returns undefined if there is nothing
 */
export function deleteIn(text: string, path: Path, depth: number): string | undefined {
  const document = parseDocument(text);
  if (!document.hasIn(path)) return undefined;
  const isOnlyOne = (at: Path): boolean => {
    const map = document.getIn(at.slice(0, -1), true);
    return isMap(map) && map.items.length === 1;
  };
  let outermost = path;
  while (outermost.length > depth + 1 && isOnlyOne(outermost)) outermost = outermost.slice(0, -1);
  return edited(
    text,
    (changed) => changed.deleteIn(outermost),
    () => withoutPair(text, outermost),
  );
}
