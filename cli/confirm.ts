import { createInterface } from "node:readline/promises";
import { UserError } from "../workspace/user-error.ts";

/** @throws UserError unless the operator says yes; without a terminal there is nobody to ask. */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new UserError(`${question} There is no terminal to ask at: repeat with --yes.`);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await reader.question(`${question} [y/N] `);
  reader.close();
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new UserError("Nothing was changed.");
}
