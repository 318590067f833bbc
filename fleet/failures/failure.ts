/** A failure that is known by a text of Docker, SSH or a service, and what to do about it. */

export interface Explanation {
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. Commands are for the host concerned, except `npm run` and those of SSH. */
  readonly remedy: string;
}

/** What failed: the resource's logical name, and its stack. */
export interface FailedStep {
  readonly stack: string;
  readonly name: string;
}

export interface Failure {
  readonly pattern: RegExp;
  readonly explain: (match: RegExpExecArray, step: FailedStep | undefined) => Explanation;
}

/** The first group that is part of the match; a pattern has one for each of its spellings. */
export const found = (match: RegExpExecArray): string =>
  match.slice(1).find((group) => group !== undefined) ?? "";
