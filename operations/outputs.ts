import type { TokensOutput } from "../reader/schema.ts";
import type { Outputs, StackEngine } from "../workspace/engine.ts";
import { requireOutputs } from "./agent-access.ts";

const CONCEALED = "[secret]";

/** The agents' tokens as they may be printed. */
export const shownTokens = (tokens: TokensOutput, showSecrets: boolean): TokensOutput =>
  showSecrets ? tokens : Object.fromEntries(Object.keys(tokens).map((agent) => [agent, CONCEALED]));

/** The fleet as it may be printed. @throws OperatorError if the stack has no fleet yet */
export async function readOutputs(engine: StackEngine, showSecrets: boolean): Promise<Outputs> {
  const { fleet, tokens } = await requireOutputs(engine);
  return { fleet, tokens: shownTokens(tokens, showSecrets) };
}
