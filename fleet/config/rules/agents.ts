/** What must hold between an agent's entry and the rest. */
import { credentialVariables } from "../../../openclaw/channels.ts";
import { isOwnedVariable } from "../../../openclaw/environment.ts";
import { modelDomains, providerOf } from "../../../openclaw/model-providers.ts";
import { RESERVED_LABELS } from "../../names.ts";
import { list } from "../../text.ts";
import { channelsOf } from "../agent.ts";
import { looksSecret } from "../secret-values.ts";
import { eachAgent } from "./rule.ts";

export const pinnedHostsExist = eachAgent((name, { host }, fleet, hosts) =>
  host === undefined || [...hosts.values()].some((entry) => entry.owns(host))
    ? []
    : [
        {
          path: `agents.${name}.host`,
          value: host,
          message: "there is no such host",
          remedy: `use one of ${list(Object.keys(fleet.hosts))}, or leave it out`,
        },
      ],
);

export const locationsExist = eachAgent((name, { location }, _, hosts) => {
  const known = new Set([...hosts.values()].flatMap(({ locations }) => locations));
  return location === undefined || known.has(location)
    ? []
    : [
        {
          path: `agents.${name}.location`,
          value: location,
          message: "no host may be there",
          remedy: `use one of ${list(known)}, add it to hosts.*.locations, or leave it out`,
        },
      ];
});

export const sharesAddUp = eachAgent((name, { usage }) =>
  usage === undefined || usage.smallModelShare + usage.localModelShare <= 1
    ? []
    : [
        {
          path: `agents.${name}.usage`,
          value: usage,
          message: "smallModelShare + localModelShare is more than 1",
          remedy: "let the two add up to 1 at most",
        },
      ],
);

/** OpenClaw lets a global deny win silently; here the contradiction is reported. */
export const allowsAreNotDenied = eachAgent((name, { tools }, fleet) =>
  tools.allow.flatMap((tool, index) => {
    const path = `agents.${name}.tools.allow.${index}`;
    if (fleet.defaults.tools.deny.includes(tool)) {
      return [
        {
          path,
          value: tool,
          message: "defaults.tools.deny denies this tool to every agent, and a deny beats an allow",
          remedy: "take it out of defaults.tools.deny and deny it at the agents that must not have it",
        },
      ];
    }
    return tools.deny.includes(tool)
      ? [
          {
            path,
            value: tool,
            message: "the same entry denies this tool",
            remedy: "take it out of one of the two lists",
          },
        ]
      : [];
  }),
);

export const modelsAreReachable = eachAgent((name, agent, fleet) => {
  const model = agent.model ?? fleet.defaults.model;
  const hasAllowlist = agent.egress === "open" || agent.egress.length > 0 || fleet.defaults.egress.length > 0;
  return modelDomains(model) !== undefined || hasAllowlist
    ? []
    : [
        {
          path: `agents.${name}.${agent.model === undefined ? "egress" : "model"}`,
          value: model,
          message: `the names of provider ${providerOf(model)} are not known, so the agent could not reach its model`,
          remedy: `list them under agents.${name}.egress`,
        },
      ];
});

export const tailnetsAreNamed = eachAgent((name, { access }, { tailscale }) =>
  access !== "tailscale" || tailscale !== undefined
    ? []
    : [
        {
          path: `agents.${name}.access`,
          value: access,
          message: "the fleet has no tailnet",
          remedy:
            "name it under tailscale.tailnet, and set its key: pulumi config set --secret tailscaleAuthKey",
        },
      ],
);

/** A value from elsewhere would break the gateway's contract. */
export const ownedVariablesAreLeftAlone = eachAgent((name, { env }) =>
  Object.keys(env)
    .filter(isOwnedVariable)
    .map((variable) => ({
      path: `agents.${name}.env.${variable}`,
      message: "this variable is set by the fleet",
      remedy: "leave it out: the token is generated, memory is set by the class, the proxy by egress",
    })),
);

/** A bot token in plain text would end up in the repository and in every preview. */
export const credentialsAreSecret = eachAgent((name, agent) =>
  credentialVariables(channelsOf(agent))
    .filter((variable) => Object.hasOwn(agent.env, variable))
    .map((variable) => ({
      path: `agents.${name}.env.${variable}`,
      message: "a channel's credential must not be in plain text",
      remedy: `remove it here and run: npm run secret -- ${name} ${variable}`,
    })),
);

/** Anyone with read access to the repository could read the key. */
export const secretsAreNotInPlainText = eachAgent((name, agent) =>
  Object.entries(agent.env)
    .filter(([variable, value]) => looksSecret(variable, value))
    // These have a rule of their own.
    .filter(([variable]) => !isOwnedVariable(variable))
    .filter(([variable]) => !credentialVariables(channelsOf(agent)).includes(variable))
    .map(([variable]) => ({
      path: `agents.${name}.env.${variable}`,
      message: "this looks like a secret, and must not be in plain text",
      remedy: `remove it here and run: npm run secret -- ${name} ${variable}`,
    })),
);

/** With nobody on the list, the channel would silently ignore everyone. */
export const allowlistsHaveSenders = eachAgent((name, agent) =>
  Object.entries(agent.channels)
    .filter(([, { dmPolicy, allowFrom }]) => dmPolicy === "allowlist" && (allowFrom ?? []).length === 0)
    .map(([channel, { dmPolicy }]) => ({
      path: `agents.${name}.channels.${channel}.dmPolicy`,
      value: dmPolicy,
      message: "nobody is on the list, so the agent would answer no one",
      remedy: `list the senders under agents.${name}.channels.${channel}.allowFrom, or use pairing`,
    })),
);

export const reservedLabelsAreLeftAlone = eachAgent((name, { labels }) =>
  Object.keys(labels)
    .filter((label) => label.startsWith(RESERVED_LABELS))
    .map((label) => ({
      path: `agents.${name}.labels.${label}`,
      value: labels[label],
      message: `labels that begin with ${RESERVED_LABELS} are the fleet's own`,
      remedy: "use another prefix",
    })),
);
