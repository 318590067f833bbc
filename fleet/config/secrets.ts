/** Checks `agent-fleet:secrets` without ever repeating a value. */
import { z } from "zod";
import { CHANNEL_NAMES, credentialVariables } from "../../openclaw/channels.ts";
import { isOwnedVariable } from "../../openclaw/environment.ts";
import { type AgentSettings, channelsOf } from "./agent.ts";
import { forbiddenNames } from "./forbidden-names.ts";
import { VARIABLE_NAME } from "./primitives.ts";
import type { Problem } from "./problem.ts";
import { isObject } from "./shape.ts";

/** Agent -> variable -> value. */
export type Secrets = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** The agents that there are, and what of their settings decides which secrets they need. */
export interface Roster {
  readonly agents: readonly { readonly name: string; readonly settings: Pick<AgentSettings, "channels"> }[];
}

const schema = z.record(z.string(), z.record(z.string().regex(VARIABLE_NAME), z.string().min(1)));

const pathOf = (...keys: readonly string[]): string => ["agent-fleet:secrets", ...keys].join(".");

/** One thing that must hold of a fleet's secrets. */
type SecretsRule = (secrets: Secrets, roster: Roster) => readonly Problem[];

const removal = (agent: string, variable: string): string =>
  `npm run secret -- ${agent} ${variable} --remove`;

const withCommands = (commands: readonly string[]): string =>
  commands.length === 0 ? "" : ` with: ${commands.join("; ")}`;

const agentsExist: SecretsRule = (secrets, { agents }) => {
  const known = new Set(agents.map(({ name }) => name));
  return [...secrets]
    .filter(([name]) => !known.has(name))
    .map(([name, variables]) => ({
      path: pathOf(name),
      message: "there is no agent of this name",
      remedy: `remove it${withCommands(
        Object.keys(variables).map((variable) => removal(name, variable)),
      )}, or add the agent`,
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
        remedy: `remove it with: ${removal(agent, variable)}`,
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

/** The agents of which something has the wrong shape; undefined if the whole has. */
function brokenAgents(issues: readonly z.core.$ZodIssue[]): Set<string> | undefined {
  const names = issues.map(({ path }) => path[0]);
  return names.includes(undefined) ? undefined : new Set(names.map(String));
}

const shapeProblem = ({ path }: z.core.$ZodIssue): Problem => {
  const [agent = "AGENT", variable = "VARIABLE"] = path.map(String);
  const isVariable = VARIABLE_NAME.test(variable);
  return {
    path: pathOf(...path.map(String)),
    message: "secrets must be nested as AGENT.VARIABLE and must not be empty",
    remedy: `set it with: npm run secret -- ${path.length === 2 && isVariable ? `${agent} ${variable}` : "AGENT VARIABLE"}`,
  };
};

export function parseSecrets(
  raw: unknown,
  roster: Roster,
): { readonly secrets: Secrets; readonly problems: readonly Problem[] } {
  const forbidden = forbiddenNames(raw, pathOf(""));
  const shape = schema.safeParse(raw);
  const broken = brokenAgents(shape.error?.issues ?? []);
  const shapeProblems = [...forbidden, ...(shape.error?.issues ?? []).map(shapeProblem)];
  if (broken === undefined || !isObject(raw)) return { secrets: new Map(), problems: shapeProblems };
  const intact = Object.entries(raw).filter(([agent]) => !broken.has(agent));
  const secrets: Secrets = new Map(Object.entries(schema.parse(Object.fromEntries(intact))));
  // Of an agent whose secrets have the wrong shape it is not known which it lacks.
  const agents = roster.agents.filter(({ name }) => !broken.has(name));
  const violations = Object.values(SECRETS_RULES).flatMap((rule) => rule(secrets, { agents }));
  return { secrets, problems: [...shapeProblems, ...violations] };
}
