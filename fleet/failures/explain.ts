/** Failures that neither a rule nor the preflight check foresees, in the operator's words. */
import { DOCKER } from "./docker.ts";
import type { Explanation, FailedStep, Failure } from "./failure.ts";
import { IMAGES } from "./images.ts";
import { SERVICES } from "./services.ts";
import { SSH } from "./ssh.ts";

/** The first that matches counts. */
export const FAILURES: readonly Failure[] = [...SSH, ...IMAGES, ...SERVICES, ...DOCKER];

const LONGEST_QUOTE = 200;

/** The line that matched, without what its libraries put before it, and without a command that the remedy repeats. */
function quoteOf({ input, index }: RegExpExecArray): string {
  const [line = ""] = input.slice(input.lastIndexOf("\n", index) + 1).split("\n");
  const words = line
    .replace(/^\s*\* |\(HTTP code \d+\) [\w /]+ - /g, "")
    .replace(/^image \S+ is not on the host and could not be pulled \((.*)\);.*/, "$1")
    .replace(/\. Does this work\? ssh .*/, "")
    .replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1")
    .trim();
  return words.length > LONGEST_QUOTE ? `${words.slice(0, LONGEST_QUOTE)}…` : words;
}

/** @returns undefined for a text that is none of the known failures */
export function explainFailure(
  text: string,
  step?: FailedStep,
): (Explanation & { readonly quote: string }) | undefined {
  for (const { pattern, explain } of FAILURES) {
    const match = pattern.exec(text);
    if (match !== null) return { ...explain(match, step), quote: quoteOf(match) };
  }
  return undefined;
}

/** What is wrong, what to do, and the words that say so; a text that is none of the known failures as it is. */
export function describeFailure(text: string, step?: FailedStep): string {
  const known = explainFailure(text, step);
  return known === undefined ? text : `${known.message}\n-> ${known.remedy}\n(${known.quote})`;
}
