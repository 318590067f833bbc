/**
 * What the stack's own state contains, read before anything is planned.
 *
 * Outputs would be the obvious thing to read, but they lag behind a failed run: an agent that it created is in the state and
 * not in the outputs, and its slot would be given away a second time. This built-in function returns every resource of the
 * last checkpoint, and nothing for a new stack. It is undocumented, so everything that depends on it is in this file.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type StackState, stateOf } from "./state.ts";

const answer = z.object({
  outputs: z.record(z.string(), z.object({ type: z.string(), outputs: z.unknown() })),
});

/** @throws where the engine has no such function: planning without the registry would move agents. */
export async function readState(): Promise<StackState> {
  const raw: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
  });
  return stateOf(
    Object.entries(answer.parse(raw).outputs).map(([urn, { type, outputs }]) => ({ urn, type, outputs })),
  );
}
