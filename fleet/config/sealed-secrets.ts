/** `agent-fleet:secrets` as it is in a stack file, where each value is encrypted: as much as can be checked without the key. */
import type { Problem } from "./problem.ts";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** As Pulumi writes an encrypted value. */
export const isSealed = (value: unknown): value is { readonly secure: string } =>
  isRecord(value) && Object.keys(value).length === 1 && typeof value["secure"] === "string";

export interface SealedSecrets {
  /** With the encrypted text in place of each value. Undefined if nothing can be told. */
  readonly secrets: unknown;
  /** Values in plain text. */
  readonly problems: readonly Problem[];
}

export function readSealed(raw: unknown): SealedSecrets {
  // Encrypted as a whole.
  if (isSealed(raw)) return { secrets: undefined, problems: [] };
  if (!isRecord(raw)) return { secrets: raw ?? {}, problems: [] };
  const problems: Problem[] = [];
  const opened = Object.entries(raw).map(([agent, variables]) => {
    if (!isRecord(variables) || isSealed(variables)) return [agent, variables];
    const values = Object.entries(variables).map(([variable, value]) => {
      if (typeof value === "string" && value !== "") {
        problems.push({
          path: `agent-fleet:secrets.${agent}.${variable}`,
          message: "this secret is in plain text",
          remedy: `encrypt it with: npm run secret -- ${agent} ${variable}`,
        });
      }
      return [variable, isSealed(value) ? value.secure : value];
    });
    return [agent, Object.fromEntries(values)];
  });
  return { secrets: Object.fromEntries(opened), problems };
}
