import type { z } from "zod";
import { FleetError, type Problem } from "./problem.ts";
import { RULES } from "./rules.ts";
import { type Fleet, fleetSchema } from "./schema.ts";

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );

const withPath = (path: readonly PropertyKey[]): string => path.map(String).join(".") || "(the whole value)";

function fromIssue(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: withPath([...issue.path, key]),
      value: at(raw, [...issue.path, key]),
      message: "there is no such setting",
      remedy: "check the spelling against docs/configuration.md, or remove it",
    }));
  }
  if (issue.code === "invalid_key") {
    return [
      {
        path: withPath(issue.path),
        message: `${JSON.stringify(issue.path.at(-1))} is no valid name`,
        remedy: issue.issues.map(({ message }) => message).join("; "),
      },
    ];
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // The branch that came furthest is the one the operator meant.
    const deepest =
      issue.errors.toSorted((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))[0] ?? [];
    return deepest.flatMap((inner) => fromIssue({ ...inner, path: [...issue.path, ...inner.path] }, raw));
  }
  const value = at(raw, issue.path);
  return [
    {
      path: withPath(issue.path),
      ...(value === undefined ? {} : { value }),
      message: value === undefined ? "a value is missing" : "the value is not of the form that is needed",
      remedy:
        issue.code === "invalid_type"
          ? `give ${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected}; see docs/configuration.md`
          : issue.message,
    },
  ];
}

/**
 * Validates a fleet's configuration: its shape first, then what it means.
 *
 * @throws FleetError with every problem found. Meaning is judged only where the shape is right.
 */
export function parseFleet(raw: unknown): Fleet {
  const shape = fleetSchema.safeParse(raw ?? {});
  if (!shape.success) throw new FleetError(shape.error.issues.flatMap((issue) => fromIssue(issue, raw)));
  const problems = RULES.flatMap((rule) => rule(shape.data));
  if (problems.length > 0) throw new FleetError(problems);
  return shape.data;
}
