import { fleetOutputSchema, tokensOutputSchema } from "../reader/schema.ts";
import { isRecord } from "../system/guards.ts";
import { OperatorError } from "../system/operator-error.ts";
import type { Outputs } from "./engine.ts";

/**
 * A stack's outputs, as both engines read them from the state.
 *
 * @returns undefined if the stack has no fleet yet
 * @throws OperatorError for outputs that this version of the program does not understand
 */
export function parseOutputs(outputs: unknown): Outputs | undefined {
  if (!isRecord(outputs) || outputs["fleet"] === undefined) return undefined;
  const fleet = fleetOutputSchema.safeParse(outputs["fleet"]);
  const tokens = tokensOutputSchema.safeParse(outputs["tokens"] ?? {});
  if (fleet.success && tokens.success) return { fleet: fleet.data, tokens: tokens.data };
  // The path alone: a message may quote a value, and these are secret.
  const path = (fleet.error ?? tokens.error)?.issues[0]?.path.join(".");
  throw new OperatorError(
    `The stack's outputs are of another version of this program (${path}). Run: npm run up`,
  );
}
