/** Why a stack's outputs cannot be read, in words for readers who do not know this project. */
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/** A hundred agents that lack the same key say nothing that three do not. */
const SHOWN = 3;

/** A RunError is printed as its message alone: what is wrong is in another stack, not in the program that reads it. */
export function failure(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  // Pulumi renders the stack all the same before it drops it, and that keeps Node 20 busy for a quarter of a minute.
  error.stack = "";
  return error;
}

const isAbsent = (value: unknown, path: readonly PropertyKey[]): boolean => {
  let inner = value;
  // Whatever has no keys answers undefined for each.
  for (const key of path) inner = (inner as Record<PropertyKey, unknown> | undefined)?.[key];
  return inner === undefined;
};

/** Names paths and types and never a value: it is said of secret outputs too. */
export function mismatch(stack: string, output: string, value: unknown, { issues }: z.ZodError): Error {
  const absent = issues.filter(({ path }) => isAbsent(value, path));
  const lines = [...absent, ...issues.filter((issue) => !absent.includes(issue))].map(({ path, message }) => {
    const where = [output, ...path].map(String).join(".");
    return `  ${where}: ${isAbsent(value, path) ? "missing" : message}`;
  });
  const more = lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more`] : [];
  const remedy =
    absent.length === issues.length
      ? "an older agent-fleet than this reader's deployed it: run a newer one's `up`, or read it with that one's reader/"
      : "a newer agent-fleet than this reader's deployed it, or something else did: take reader/ from the agent-fleet that did";
  return failure(
    [`Stack ${stack} does not have the outputs that this reader knows.`, ...lines.slice(0, SHOWN), ...more]
      .concat(`  -> ${remedy}`)
      .join("\n"),
  );
}
