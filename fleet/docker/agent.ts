import { gatewayEnvironment } from "../../openclaw/environment.ts";
import { renderGatewayConfig } from "../../openclaw/gateway-config.ts";
import type { FleetSettings } from "../config/schema.ts";
import { agentObject, httpsUrl, LABELS } from "../names.ts";
import { type AddressRanges, portOf } from "../placement/slots.ts";
import type { AgentPlan } from "../plan/types.ts";
import { nodeAddress } from "../services/tailnet/service.ts";
import { subnetOf } from "./subnet.ts";
import type { DockerAgentPlan } from "./types.ts";

/** Where an agent is found, by the access that it has. */
function urlOf(
  { access, hostname, host }: AgentPlan,
  loopbackPort: number,
  { ingress, tailscale }: FleetSettings,
  stack: string,
): string {
  if (access === "loopback") return `http://127.0.0.1:${loopbackPort}`;
  if (access === "tailscale" && tailscale !== undefined)
    return httpsUrl(nodeAddress(stack, host, tailscale), loopbackPort);
  return httpsUrl(hostname, ingress.port);
}

/** Gives an agent its addresses, its URL, its objects' names and its gateway's configuration. */
export function placeAgent(
  agent: AgentPlan,
  slot: number,
  ranges: AddressRanges,
  settings: FleetSettings,
  stack: string,
): DockerAgentPlan {
  const loopbackPort = portOf(ranges.ports, slot);
  const network = subnetOf(ranges.subnets, slot);
  const url = urlOf(agent, loopbackPort, settings, stack);
  const object = agentObject(stack, agent.name);
  return {
    ...agent,
    slot,
    network,
    loopbackPort,
    url,
    object,
    volume: object,
    labels: { [LABELS.stack]: stack, [LABELS.agent]: agent.name },
    env: {
      ...agent.env,
      ...gatewayEnvironment({
        memoryMb: agent.limits.memoryMb,
        proxyUrl:
          agent.egress === "open" ? undefined : `http://${network.bridge}:${settings.egressProxy.port}`,
      }),
    },
    // The gateway sees the ingress, which is on the host's network, at its own network's bridge.
    config: renderGatewayConfig(agent.gateway, { origin: url, trustedProxies: [network.bridge] }),
  };
}
