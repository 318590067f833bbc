/** Problems of shape, in the words of YAML instead of the schema's library. */
import type { z } from "zod";
import { presentName } from "./former-settings.ts";
import { replacement, suggestion } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { fleetSchema } from "./schema.ts";
import { settingsAt } from "./settings-at.ts";

export type Path = readonly PropertyKey[];

export const isObject = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === "object" && value !== null;

export const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);

const rendered = (path: Path): string => path.map(String).join(".") || "(the whole value)";

function unknownSetting(path: Path, raw: unknown): Problem {
  const name = presentName(rendered(path));
  if (name !== undefined) {
    return {
      // Without the value: it may be a whole section, and its content is not what is wrong.
      path: rendered(path),
      message: `this setting is now called ${name}`,
      remedy: `rename it to ${name}; what is in it stays the same`,
    };
  }
  const settings = settingsAt(fleetSchema, path.slice(0, -1), raw);
  return {
    path: rendered(path),
    value: at(raw, path),
    message: "there is no such setting",
    remedy: replacement(String(path.at(-1)), settings),
  };
}

const article = (word: string): string => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`);

/** The names of zod's types that are not those of YAML. */
const TYPES: Readonly<Record<string, string>> = {
  array: "list",
  object: "mapping of settings to values",
  record: "mapping of names to entries",
};

/** @param value that is there instead */
const oneOf = (value: unknown, names: readonly string[]): string =>
  (typeof value === "string" ? suggestion(value, names) : undefined) ?? `use one of ${names.join(", ")}`;

function remedyFor(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return `give ${article(TYPES[issue.expected] ?? issue.expected)}; see docs/configuration.md`;
    case "invalid_value":
      return oneOf(value, issue.values.map(String));
    case "too_big":
      return issue.message.startsWith("Too big") ? `use at most ${issue.maximum}` : issue.message;
    case "too_small":
      return issue.message.startsWith("Too small") ? `use at least ${issue.minimum}` : issue.message;
    case "invalid_union":
      // Of the kinds of a host, for example.
      return "options" in issue ? oneOf(value, issue.options.map(String)) : issue.message;
    default:
      return issue.message;
  }
}

/** The branch of a union that got furthest into the value is the one that the operator meant. */
function fromUnion(issue: z.core.$ZodIssueInvalidUnion, raw: unknown): Problem[] {
  const depthOf = (errors: readonly z.core.$ZodIssue[]): number => errors[0]?.path.length ?? 0;
  const [deepest = []] = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a));
  if (depthOf(deepest) === 0) return [invalidValue(issue.path, raw, issue.message)];
  return deepest.flatMap((inner) => fromIssue({ ...inner, path: [...issue.path, ...inner.path] }, raw));
}

function invalidValue(path: Path, raw: unknown, remedy: string): Problem {
  const value = at(raw, path);
  return {
    path: rendered(path),
    ...(value === undefined ? {} : { value }),
    message: value === undefined ? "a value is missing" : "invalid value",
    remedy,
  };
}

/** What an issue of the schema means to the operator. */
export function fromIssue(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownSetting([...issue.path, key], raw));
  if (issue.code === "invalid_key")
    return [
      {
        path: rendered(issue.path),
        message: `${JSON.stringify(issue.path.at(-1))} is not a valid name`,
        remedy: issue.issues.map(({ message }) => message).join("; "),
      },
    ];
  if (issue.code === "invalid_union" && issue.errors.length > 0) return fromUnion(issue, raw);
  return [invalidValue(issue.path, raw, remedyFor(issue, at(raw, issue.path)))];
}
