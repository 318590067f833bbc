/** `openclaw.json`: what one agent's gateway is configured with. The gateway refuses to boot on any unknown key. */
import { CHANNELS, channelsOf } from "../fleet/egress.ts";
import type { AgentEntry, Fleet } from "../fleet/config/schema.ts";

/** The one agent inside a gateway: a tenant has a gateway of its own, so it needs no second. */
const AGENT_ID = "main";

export interface Address {
  /** The public origin, without a path. */
  readonly url: string;
  /** The room's bridge, which the gateway sees as the ingress. */
  readonly bridge: string;
}

export function renderGateway(
  name: string,
  agent: AgentEntry,
  fleet: Fleet,
  { url, bridge }: Address,
): string {
  const { allow, deny } = fleet.defaults.tools;
  const config = {
    gateway: {
      mode: "local",
      bind: "lan",
      port: 18_789,
      publicOrigin: url,
      // The token is in the environment only: one in here would win over it and stand in the state volume.
      auth: { mode: "token" },
      // Exactly the ingress: a wider range could hold a client's own address, which then cannot be attributed.
      trustedProxies: [bridge],
      controlUi: { enabled: true, allowedOrigins: [url] },
      // On by default: a shell in the container for whoever holds the token.
      terminal: { enabled: false },
    },
    agents: {
      defaults: {
        workspace: "/home/node/.openclaw/workspace",
        model: { primary: agent.model ?? fleet.defaults.model },
        // The container is the sandbox, and there is no Docker socket in it.
        sandbox: { mode: "off" },
      },
      entries: { [AGENT_ID]: { name, ...toolLists("tools", agent.tools.allow, agent.tools.deny) } },
    },
    tools: { profile: "coding", ...lists(allow, deny), elevated: { enabled: false } },
    ...(channelsOf(agent).length === 0 ? {} : { channels: channelSettings(agent) }),
  };
  return JSON.stringify(config, null, 2);
}

/** `alsoAllow` widens the profile; `allow` would replace it. */
const lists = (allow: readonly string[], deny: readonly string[]): Record<string, readonly string[]> => ({
  ...(allow.length === 0 ? {} : { alsoAllow: allow }),
  ...(deny.length === 0 ? {} : { deny }),
});

const toolLists = (
  key: string,
  allow: readonly string[],
  deny: readonly string[],
): Record<string, unknown> => (allow.length + deny.length === 0 ? {} : { [key]: lists(allow, deny) });

const channelSettings = (agent: AgentEntry): Record<string, unknown> =>
  Object.fromEntries(
    channelsOf(agent).map((channel) => {
      const { dmPolicy, allowFrom } = agent.channels[channel] ?? { dmPolicy: "pairing" };
      const credentials = Object.fromEntries(
        Object.entries(CHANNELS[channel].credentials).map(([key, id]) => [
          key,
          { source: "env", provider: "default", id },
        ]),
      );
      return [
        channel,
        { enabled: true, dmPolicy, ...(allowFrom === undefined ? {} : { allowFrom }), ...credentials },
      ];
    }),
  );
