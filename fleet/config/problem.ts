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

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

export const renderProblem = ({ path, value, message, remedy }: Problem): string =>
  `  ${path}${value === undefined ? "" : ` = ${show(value)}`}\n    ${message}\n    -> ${remedy}`;

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
