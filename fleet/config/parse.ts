import type { z } from "zod";
import { type Fleet, resolveFleet, resolveHosts } from "./fleet.ts";
import { presentName } from "./former-settings.ts";
import { FleetError, type Problem } from "./problem.ts";
import { RULES } from "./rules.ts";
import { fleetSchema } from "./schema.ts";

type Path = readonly PropertyKey[];

const isObject = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === "object" && value !== null;

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);

const rendered = (path: Path): string => path.map(String).join(".") || "(the whole value)";

function unknownSetting(path: Path, value: unknown): Problem {
  const name = presentName(rendered(path));
  return {
    path: rendered(path),
    // A renamed setting may be a whole section: its content is not what is wrong.
    ...(name === undefined ? { value } : {}),
    message: name === undefined ? "there is no such setting" : `this setting is now called ${name}`,
    remedy:
      name === undefined
        ? "check the spelling against docs/configuration.md, or remove it"
        : `rename it to ${name}; what is in it stays the same`,
  };
}

const article = (word: string): string => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`);

/** The names of zod's types that are not those of YAML. */
const TYPES: Readonly<Record<string, string>> = {
  array: "list",
  object: "mapping of settings to values",
  record: "mapping of names to entries",
};

function remedyFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `give ${article(TYPES[issue.expected] ?? issue.expected)}; see docs/configuration.md`;
    case "invalid_value":
      return `use one of ${issue.values.map(String).join(", ")}`;
    case "too_big":
      return issue.message.startsWith("Too big") ? `use at most ${issue.maximum}` : issue.message;
    case "too_small":
      return issue.message.startsWith("Too small") ? `use at least ${issue.minimum}` : issue.message;
    case "invalid_union":
      // Of the kinds of a host, for example.
      return issue.message.replace(
        /^Invalid discriminator value\. Expected (.*)$/,
        (_, kinds: string) => `use one of ${kinds.replaceAll("'", "").replaceAll(" | ", ", ")}`,
      );
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

function fromIssue(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownSetting([...issue.path, key], at(raw, [...issue.path, key])));
  if (issue.code === "invalid_key")
    return [
      {
        path: rendered(issue.path),
        message: `${JSON.stringify(issue.path.at(-1))} is not a valid name`,
        remedy: issue.issues.map(({ message }) => message).join("; "),
      },
    ];
  if (issue.code === "invalid_union" && issue.errors.length > 0) return fromUnion(issue, raw);
  return [invalidValue(issue.path, raw, remedyFor(issue))];
}

/** Sections whose keys are names that the operator chooses. */
const NAMED_SECTIONS = ["agents", "hosts", "classes"];

/** The schema's library passes over this key in silence, because assigning it would change an object's prototype. */
const FORBIDDEN_NAME = "__proto__";

const forbiddenNames = (raw: unknown): Problem[] =>
  NAMED_SECTIONS.filter((section) => {
    const names = at(raw, [section]);
    return isObject(names) && Object.hasOwn(names, FORBIDDEN_NAME);
  }).map((section) => ({
    path: `${section}.${FORBIDDEN_NAME}`,
    message: `"${FORBIDDEN_NAME}" is not a valid name`,
    remedy: "use lower-case letters, digits and inner hyphens",
  }));

/**
 * Validates a fleet's configuration, first its shape and then what must hold between settings, and resolves its references.
 *
 * @throws FleetError with every problem found. Rules are checked only where the shape is right.
 */
export function parseFleet(raw: unknown): Fleet {
  const shape = fleetSchema.safeParse(raw ?? {});
  const problems = [
    ...forbiddenNames(raw),
    ...(shape.success ? [] : shape.error.issues.flatMap((issue) => fromIssue(issue, raw))),
  ];
  if (!shape.success || problems.length > 0) throw new FleetError(problems);
  const hosts = resolveHosts(shape.data);
  const violations = Object.values(RULES).flatMap((rule) => rule(shape.data, hosts));
  if (violations.length > 0) throw new FleetError(violations);
  return resolveFleet(shape.data, hosts);
}
