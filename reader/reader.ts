/**
 * Reads a fleet's outputs in another team's Pulumi program:
 *
 *     const fleet = readFleet("organization/agent-fleet/local");
 *     export const url = fleet.apply((fleet) => agentUrl(fleet, "alice"));
 *
 * Keys that this reader does not know are left out, so that a newer fleet changes nothing in what is made from it.
 */
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { failure, mismatch } from "./problems.ts";
import { type FleetOutput, fleetOutputSchema, type TokensOutput, tokensOutputSchema } from "./schema.ts";

export type { FleetOutput, TokensOutput } from "./schema.ts";

/** By the program's own stack, because one process can run the programs of many (Automation API). */
const references = new WeakMap<object, Map<string, pulumi.StackReference>>();

/** The same name gives the same reference: Pulumi refuses a second one. */
function referenceTo(stack: string): pulumi.StackReference {
  const program = pulumi.runtime.getStackResource();
  if (program === undefined) return new pulumi.StackReference(stack);
  const known = references.get(program) ?? new Map<string, pulumi.StackReference>();
  references.set(program, known);
  const reference = known.get(stack) ?? new pulumi.StackReference(stack);
  known.set(stack, reference);
  return reference;
}

const resolve = (reference: pulumi.StackReference | string): pulumi.StackReference =>
  typeof reference === "string" ? referenceTo(reference) : reference;

function parse<T>(schema: z.ZodType<T>, stack: string, output: string, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw mismatch(stack, output, value, parsed.error);
  return parsed.data;
}

/**
 * The fleet's hosts and agents. It is secret only where the fleet's stack made it so.
 *
 * @param reference a stack's full name, `ORGANIZATION/PROJECT/STACK` (`organization/agent-fleet/local` in a file backend), or
 *   the reference that the program already has to it: Pulumi takes one of a name.
 * @throws in the output: where the stack has no `fleet`, or one of another shape. A stack that does not exist is refused by
 *   Pulumi itself: `unknown stack`.
 */
export function readFleet(reference: pulumi.StackReference | string): pulumi.Output<FleetOutput> {
  const stack = resolve(reference);
  return pulumi.all([stack.name, stack.getOutput("fleet")]).apply(([name, fleet]) => {
    if (fleet === undefined) {
      throw failure(
        `Stack ${name} has no output \`fleet\`.\n` +
          "  It is not an agent-fleet stack, or it was never deployed.\n" +
          "  -> check the name with `pulumi stack ls --all`, and have the fleet's owners run `up`",
      );
    }
    return parse(fleetOutputSchema, name, "fleet", fleet);
  });
}

/**
 * The gateways' tokens, always secret: with one, a program is let in where a person with a password would be.
 *
 * @param reference as of {@link readFleet}.
 * @throws in the output: as {@link readFleet}, and where the tokens are sealed with a key that this program does not have.
 *   Pulumi itself only warns then, and hands over none.
 */
export function readTokens(reference: pulumi.StackReference | string): pulumi.Output<TokensOutput> {
  const stack = resolve(reference);
  // Sealed before anything is made of them: also where the fleet's stack forgot to.
  const sealed = pulumi.secret(stack.getOutput("tokens"));
  return pulumi.all([stack.name, readFleet(stack), sealed]).apply(([name, { agents }, found]) => {
    const tokens = parse(tokensOutputSchema, name, "tokens", found ?? {});
    if (Object.keys(tokens).length === 0 && Object.keys(agents).length > 0) {
      throw failure(
        `The tokens of stack ${name} cannot be opened.\n` +
          "  They are sealed with another passphrase or key than this program runs with.\n" +
          "  -> run it with the fleet's own, or do without tokens: readFleet needs none",
      );
    }
    return tokens;
  });
}

/**
 * Where an agent answers. A disabled one has an address too, and does not answer: see `enabled`.
 *
 * @throws where the fleet has no such agent, naming those it has.
 */
export function agentUrl({ agents }: FleetOutput, name: string): string {
  const agent = Object.hasOwn(agents, name) ? agents[name] : undefined;
  if (agent !== undefined) return agent.url;
  const known = Object.keys(agents).sort().join(", ");
  throw failure(`The fleet has no agent ${JSON.stringify(name)}; it has ${known === "" ? "none" : known}.`);
}
