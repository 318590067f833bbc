import { shownAs, withoutSecrets } from "./secret-values.ts";

/** One thing that is wrong with a fleet's configuration. */
export interface Problem {
  /** Where it is, as the operator wrote it: `agents.alice.class`. */
  readonly path: string;
  /** The value that is wrong; absent where something is missing. */
  readonly value?: unknown;
  /** What is wrong, without the remedy. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** @param path whose last name says whether the value may be a secret */
const show = (path: string, value: unknown): string => {
  const name = path.split(".").findLast((part) => !/^\d+$/.test(part)) ?? "";
  const hide = (key: string, inner: unknown): unknown =>
    typeof inner === "string" ? shownAs(/^\d*$/.test(key) ? name : key, inner) : inner;
  const text = withoutSecrets(JSON.stringify(value, hide) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

export const renderProblem = ({ path, value, message, remedy }: Problem): string =>
  `  ${withoutSecrets(path)}${value === undefined ? "" : ` = ${show(path, value)}`}\n    ${withoutSecrets(message)}\n    -> ${withoutSecrets(remedy)}`;

/** Thrown with every problem of a configuration at once, before anything is touched. */
export class FleetError extends Error {
  override readonly name = "FleetError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(`agent-fleet:fleet has ${count}; nothing was changed.\n${problems.map(renderProblem).join("\n")}`);
    this.problems = problems;
  }
}
