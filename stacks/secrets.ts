/** Checks `agent-fleet:secrets` without ever naming a value. */
import { z } from "zod";
import type { Problem } from "../fleet/config/problem.ts";
import { CHANNELS, channelsOf } from "../fleet/egress.ts";
import type { Fleet } from "../fleet/config/schema.ts";
import type { Secrets } from "./config.ts";

const schema = z.record(z.string(), z.record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/), z.string().min(1)));

/** A bot's credential in two gateways makes both fight for its messages. */
const CREDENTIALS = Object.values(CHANNELS).flatMap(({ credentials }) => Object.values(credentials));

export function parseSecrets(raw: unknown, fleet: Fleet): { secrets: Secrets; problems: Problem[] } {
  const shape = schema.safeParse(raw);
  if (!shape.success) {
    const problems = shape.error.issues.map(({ path }) => ({
      path: `agent-fleet:secrets.${path.join(".")}`,
      message: "a secret stands under its agent and its environment variable, and is not empty",
      remedy: "set it with: npm run secret -- AGENT VARIABLE",
    }));
    return { secrets: {}, problems };
  }
  const secrets = shape.data;
  const problems: Problem[] = [];
  for (const agent of Object.keys(secrets).filter((name) => !Object.hasOwn(fleet.agents, name))) {
    problems.push({
      path: `agent-fleet:secrets.${agent}`,
      message: "no agent has this name",
      remedy: `remove it with: pulumi config rm --path 'agent-fleet:secrets.${agent}', or add the agent`,
    });
  }
  const owners = new Map<string, string>();
  for (const [agent, entry] of Object.entries(fleet.agents)) {
    const own = secrets[agent] ?? {};
    const needed = channelsOf(entry).flatMap((channel) => Object.values(CHANNELS[channel].credentials));
    for (const variable of needed.filter((name) => !Object.hasOwn(own, name))) {
      problems.push({
        path: `agent-fleet:secrets.${agent}.${variable}`,
        message: "a channel of this agent needs it",
        remedy: `set it with: npm run secret -- ${agent} ${variable}`,
      });
    }
    for (const variable of CREDENTIALS.filter((name) => Object.hasOwn(own, name))) {
      const key = `${variable}=${own[variable]}`;
      const owner = owners.get(key);
      if (owner !== undefined) {
        problems.push({
          path: `agent-fleet:secrets.${agent}.${variable}`,
          message: `agent ${owner} has the same credential, and two gateways cannot share one bot`,
          remedy: "give each agent a bot of its own",
        });
      }
      owners.set(key, agent);
    }
  }
  return { secrets, problems };
}
