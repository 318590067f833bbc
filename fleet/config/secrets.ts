/** Checks `agent-fleet:secrets` without ever repeating a value. */
import { z } from "zod";
import { CHANNEL_NAMES, credentialVariables } from "../../openclaw/channels.ts";
import { isOwnedVariable } from "../../openclaw/environment.ts";
import { channelsOf } from "./agent.ts";
import type { Fleet } from "./fleet.ts";
import { VARIABLE_NAME } from "./primitives.ts";
import type { Problem } from "./problem.ts";

/** Agent -> variable -> value. */
export type Secrets = ReadonlyMap<string, Readonly<Record<string, string>>>;

const schema = z.record(z.string(), z.record(z.string().regex(VARIABLE_NAME), z.string().min(1)));

const pathOf = (...keys: readonly string[]): string => ["agent-fleet:secrets", ...keys].join(".");

/** One thing that must hold of a fleet's secrets. */
type SecretsRule = (secrets: Secrets, fleet: Fleet) => readonly Problem[];

const agentsExist: SecretsRule = (secrets, { agents }) => {
  const known = new Set(agents.map(({ name }) => name));
  return [...secrets.keys()]
    .filter((name) => !known.has(name))
    .map((name) => ({
      path: pathOf(name),
      message: "there is no agent of this name",
      remedy: `remove it with: pulumi config rm --path 'agent-fleet:secrets.${name}', or add the agent`,
    }));
};

/** A secret would be as harmful as a plain value: it could replace the way through the egress proxy, or end the gateway. */
const ownedVariablesAreLeftAlone: SecretsRule = (secrets) =>
  [...secrets].flatMap(([agent, variables]) =>
    Object.keys(variables)
      .filter(isOwnedVariable)
      .map((variable) => ({
        path: pathOf(agent, variable),
        message: "this variable is set by the fleet",
        remedy: `remove it with: pulumi config rm --path 'agent-fleet:secrets.${agent}.${variable}'`,
      })),
  );

const channelsHaveCredentials: SecretsRule = (secrets, { agents }) =>
  agents.flatMap(({ name, settings }) =>
    credentialVariables(channelsOf(settings))
      .filter((variable) => !Object.hasOwn(secrets.get(name) ?? {}, variable))
      .map((variable) => ({
        path: pathOf(name, variable),
        message: "a channel of this agent needs it",
        remedy: `set it with: npm run secret -- ${name} ${variable}`,
      })),
  );

/** With the same bot in two gateways, both compete for its messages. */
const botsAreNotShared: SecretsRule = (secrets, { agents }) => {
  const owners = new Map<string, string>();
  return agents.flatMap(({ name }) =>
    Object.entries(secrets.get(name) ?? {})
      .filter(([variable]) => credentialVariables(CHANNEL_NAMES).includes(variable))
      .flatMap(([variable, value]) => {
        const credential = `${variable}=${value}`;
        const owner = owners.get(credential);
        owners.set(credential, name);
        return owner === undefined
          ? []
          : [
              {
                path: pathOf(name, variable),
                message: `agent ${owner} has the same credential, and two gateways cannot share one bot`,
                remedy: "give each agent a bot of its own",
              },
            ];
      }),
  );
};

/** By name, so that a test can tell that each has its cases. */
export const SECRETS_RULES: Readonly<Record<string, SecretsRule>> = {
  agentsExist,
  ownedVariablesAreLeftAlone,
  channelsHaveCredentials,
  botsAreNotShared,
};

export function parseSecrets(raw: unknown, fleet: Fleet): { secrets: Secrets; problems: readonly Problem[] } {
  const shape = schema.safeParse(raw);
  if (!shape.success) {
    const problems = shape.error.issues.map(({ path }) => ({
      path: pathOf(...path.map(String)),
      message: "secrets must be nested as AGENT.VARIABLE and must not be empty",
      remedy: "set it with: npm run secret -- AGENT VARIABLE",
    }));
    return { secrets: new Map(), problems };
  }
  const secrets = new Map(Object.entries(shape.data));
  return { secrets, problems: Object.values(SECRETS_RULES).flatMap((rule) => rule(secrets, fleet)) };
}
