/** `openclaw.json`: what one agent's gateway is configured with. The gateway refuses to boot on any unknown key. */
import { CHANNELS, type ChannelName } from "./channels.ts";
import { GATEWAY_PORT, WORKSPACE_DIRECTORY } from "./contract.ts";

/** The one agent inside a gateway: each tenant has a gateway of its own, so it needs only this one. */
const AGENT_ID = "main";

/** Of wrong tokens, by client address. Its own default, which its audit takes for none. */
const RATE_LIMIT = { maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000 };

export interface ToolLists {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export interface ChannelSettings {
  readonly dmPolicy: string;
  readonly allowFrom?: readonly string[] | undefined;
}

/** What the gateway does, wherever it runs. */
export interface GatewayIntent {
  readonly name: string;
  readonly model: string;
  readonly tools: ToolLists;
  /** For every agent of the fleet. */
  readonly sharedTools: ToolLists;
  readonly channels: readonly (readonly [ChannelName, ChannelSettings])[];
}

/** What depends on the place where it runs. */
export interface GatewayPlace {
  /** Where its users find it, without a path. */
  readonly origin: string;
  /**
   * The addresses that the gateway sees the ingress at. Exactly those: a wider range could contain a client's own address,
   * which then cannot be attributed.
   */
  readonly trustedProxies: readonly string[];
}

export function renderGatewayConfig(
  { name, model, tools, sharedTools, channels }: GatewayIntent,
  { origin, trustedProxies }: GatewayPlace,
): string {
  const config = {
    gateway: {
      mode: "local",
      bind: "lan",
      port: GATEWAY_PORT,
      publicOrigin: origin,
      // The token is in the environment only: one in this file would override it and be kept in the state volume.
      auth: { mode: "token", rateLimit: RATE_LIMIT },
      trustedProxies,
      controlUi: { enabled: true, allowedOrigins: [origin] },
      // On by default: a shell in the container for every holder of the token.
      terminal: { enabled: false },
    },
    agents: {
      defaults: {
        workspace: WORKSPACE_DIRECTORY,
        model: { primary: model },
        // The container is the sandbox, and there is no Docker socket in it.
        sandbox: { mode: "off" },
      },
      entries: {
        [AGENT_ID]: { name, ...(isEmpty(tools) ? {} : { tools: renderTools(tools) }) },
      },
    },
    tools: { profile: "coding", ...renderTools(sharedTools), elevated: { enabled: false } },
    ...(channels.length === 0 ? {} : { channels: Object.fromEntries(channels.map(renderChannel)) }),
  };
  return JSON.stringify(config, null, 2);
}

const isEmpty = ({ allow, deny }: ToolLists): boolean => allow.length + deny.length === 0;

/** `alsoAllow` widens the profile; `allow` would replace it. */
const renderTools = ({ allow, deny }: ToolLists): object => ({
  ...(allow.length === 0 ? {} : { alsoAllow: allow }),
  ...(deny.length === 0 ? {} : { deny }),
});

const renderChannel = ([channel, { dmPolicy, allowFrom }]: readonly [ChannelName, ChannelSettings]): [
  string,
  object,
] => [
  channel,
  {
    enabled: true,
    dmPolicy,
    ...(allowFrom === undefined ? {} : { allowFrom }),
    ...Object.fromEntries(
      Object.entries(CHANNELS[channel].credentials).map(([key, id]) => [
        key,
        { source: "env", provider: "default", id },
      ]),
    ),
  },
];
