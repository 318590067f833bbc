/** Questions to the operator. */
import { text } from "node:stream/consumers";
import { OperatorError } from "../system/operator-error.ts";

/** Questions are not results: they must not end up in a pipe. */
const CONTEXT = { output: process.stderr } as const;

const UNCHANGED = "Nothing was changed.";

/** An answer, or an OperatorError if the prompt was left with Ctrl-C. */
async function answerTo<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    throw error instanceof Error && error.name === "ExitPromptError" ? new OperatorError(UNCHANGED) : error;
  }
}

/** @throws OperatorError unless the operator answers yes; without a terminal, only `--yes` is an answer */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new OperatorError(`${question} Not running in a terminal; pass --yes to confirm.`);
  }
  const { default: ask } = await import("@inquirer/confirm");
  if (!(await answerTo(ask({ message: question, default: false }, CONTEXT)))) {
    throw new OperatorError(UNCHANGED);
  }
}

/** @param isAgreed whether `--yes` was passed */
export const confirmUnless = (isAgreed: boolean): typeof confirm =>
  isAgreed ? () => Promise.resolve() : confirm;

/** A value from standard input, or from a prompt that does not show it. */
export async function readHidden(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, "");
  const { default: ask } = await import("@inquirer/password");
  return answerTo(ask({ message: prompt }, CONTEXT));
}
