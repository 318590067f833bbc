/**
 * What the stack's own state holds, read before anything is planned.
 *
 * Outputs would be the obvious thing to read, but they lag behind a failed run: an agent made by it is in the state and not
 * in the outputs, and its slot would be given away a second time. This built-in function returns every resource of the
 * last checkpoint, and nothing for a stack that is new. It is undocumented, so everything that knows of it is in this file.
 */
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Registry } from "../fleet/slots.ts";

export interface StackState {
  readonly slots: Registry;
  /** By its container's name: the id of a loader whose last load failed. */
  readonly failedLoads: Readonly<Record<string, string>>;
}

const stash = z.object({ output: z.object({ host: z.string(), slot: z.int().min(0) }) });
const loader = z.object({ id: z.string(), name: z.string(), attach: z.literal(true), exitCode: z.number() });
const answer = z.object({
  outputs: z.record(z.string(), z.object({ type: z.string(), outputs: z.unknown() })),
});

/** A slot's resource is named `<agent>-slot`. */
const agentOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2).replace(/-slot$/, "");

/** @throws where the engine has no such function: planning without the registry would move agents. */
export async function readState(): Promise<StackState> {
  const raw: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
  });
  const slots: Record<string, { host: string; slot: number }> = {};
  const failedLoads: Record<string, string> = {};
  for (const [urn, { type, outputs }] of Object.entries(answer.parse(raw).outputs)) {
    const slot = type === "pulumi:index:Stash" ? stash.safeParse(outputs) : undefined;
    if (slot?.success) slots[agentOf(urn)] = slot.data.output;
    const load = type === "docker:index/container:Container" ? loader.safeParse(outputs) : undefined;
    if (load?.success && load.data.exitCode !== 0) failedLoads[load.data.name] = load.data.id;
  }
  return { slots, failedLoads };
}
