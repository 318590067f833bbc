/** The services of every host. */
import { egressProxy } from "./egress-proxy/service.ts";
import { ingress } from "./ingress/service.ts";
import type { ServiceDefinition } from "./service.ts";
import { tailnet } from "./tailnet/service.ts";

/** In the order in which they are shown. A new service is one folder and one line here. */
export const SERVICES = [ingress, egressProxy, tailnet] as const;

type Definitions = typeof SERVICES;

/** The settings of every service, each under its key. */
export type ServiceShape = {
  readonly [Definition in Definitions[number] as Definition["setting"]]: Definition["settings"];
};

export const serviceShape = Object.fromEntries(
  SERVICES.map(({ setting, settings }) => [setting, settings]),
  // The entries' types are lost on the way; `ServiceShape` is them by definition.
) as ServiceShape;

/** A service that the fleet's hosts run, with its settings. */
export interface ActiveService {
  readonly definition: ServiceDefinition;
  readonly settings: NonNullable<unknown>;
}

/** @param settings a fleet's, of which each service reads its own */
export function activeServices(settings: object): ActiveService[] {
  const all = new Map<string, unknown>(Object.entries(settings));
  return SERVICES.flatMap((definition: ServiceDefinition) => {
    const own = all.get(definition.setting);
    return own === undefined || own === null ? [] : [{ definition, settings: own }];
  });
}
