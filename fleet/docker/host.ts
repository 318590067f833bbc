import type { FleetSettings } from "../config/schema.ts";
import { DOCKER_ADDRESS } from "../hosts/hetzner/first-boot.ts";
import type { HostEntry } from "../hosts/host.ts";
import { hostObject, LABELS } from "../names.ts";
import type { HostPlan } from "../plan/types.ts";
import type { Registry } from "../registry.ts";
import { type ActiveService, activeServices } from "../services/index.ts";
import type { ServedAgent, ServiceContext } from "../services/service.ts";
import { nodeAddress } from "../services/tailnet/service.ts";
import type { DockerAgentPlan, DockerHostPlan, ServicePlan } from "./types.ts";

const served = (agent: DockerAgentPlan): ServedAgent => ({
  name: agent.name,
  enabled: agent.enabled,
  access: agent.access,
  hostname: agent.hostname,
  address: agent.network.agent,
  loopbackPort: agent.loopbackPort,
  egress: agent.egress,
});

function planService({ definition, settings }: ActiveService, context: ServiceContext): ServicePlan {
  const { name, title, replacing, configFile } = definition;
  const { sharedVolumes, config, ...spec } = definition.plan(settings, context);
  const object = (part: string): string => hostObject(context.stack, part);
  return {
    name,
    title,
    image: definition.image(settings),
    ...spec,
    config: { file: configFile, content: config },
    objects: { container: object(name), volume: object(name), loader: object(`${name}-config`) },
    sharedVolumes: sharedVolumes.map((volume) => ({ ...volume, object: object(volume.name) })),
    ports: definition.ports(settings),
    credentials: definition.needsCredentials(settings) ? definition.credentials : [],
    replacing,
  };
}

/** Gives a host its daemon or its server, and its services. */
export function placeHost(
  host: HostPlan,
  entry: HostEntry,
  agents: readonly DockerAgentPlan[],
  { settings, registry, stack }: { settings: FleetSettings; registry: Registry; stack: string },
): DockerHostPlan {
  const services = activeServices(settings);
  const { tailscale } = settings;
  const server =
    host.offer &&
    entry.planServer(host.name, host.offer, {
      stack,
      known: registry.servers.get(host.name),
      isDraining: host.isDraining,
      ports: services.flatMap(({ definition, settings: own }) => definition.ports(own)),
      tailnetName: tailscale && nodeAddress(stack, host.name, tailscale),
    });
  const context: ServiceContext = {
    stack,
    host: host.name,
    domain: settings.domain,
    agents: agents.map(served),
    services: new Set(services.map(({ definition }) => definition.name)),
    sshAddress: server === undefined ? undefined : DOCKER_ADDRESS,
  };
  return {
    ...host,
    connection: entry.connection,
    daemon: entry.daemon,
    unenforced: entry.unenforced,
    server,
    labels: { [LABELS.stack]: stack },
    services: services.map((service) => planService(service, context)),
  };
}
