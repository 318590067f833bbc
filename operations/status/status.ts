/** The state of a fleet, from its stack file, its state and its hosts' Docker daemons. Nothing is changed. */
import { connect } from "docker-connection";
import { describeOtherDaemon, isOtherDaemon } from "../../fleet/docker/daemon.ts";
import { type Drift, findDrift } from "../../fleet/docker/drift.ts";
import type { HostObservation } from "../../fleet/docker/inventory.ts";
import type { DockerAgentPlan, DockerHostPlan } from "../../fleet/docker/types.ts";
import { knownConnections } from "../../fleet/hosts/known.ts";
import { LOGICAL } from "../../fleet/names.ts";
import { planFleet } from "../../fleet/plan-fleet.ts";
import { objectKey } from "../../fleet/registry.ts";
import type { FleetStatus, HostStatus } from "../../report/status/status.ts";
import { judge } from "../../report/status/verdict.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { inventoryOf } from "../../stacks/inventory.ts";
import type { StackState } from "../../stacks/state.ts";
import type { Log } from "../../system/terminal.ts";
import type { Project } from "../../workspace/project.ts";
import type { Connect, DockerConnection } from "../connections.ts";
import { readFleet } from "../fleet-config.ts";
import { stateFor } from "../plan-input.ts";
import { agentStatus } from "./agents.ts";
import { type Look, lookAt, PATIENCE, type Patience } from "./look.ts";

type Looks = ReadonlyMap<string, Look | { readonly problem: string }>;

const NO_ADDRESS = "it has not been created yet, or its host key is not verified";

const observationOf = (looks: Looks, host: string): Look | undefined => {
  const look = looks.get(host);
  return look === undefined || "problem" in look ? undefined : look;
};

const observationsOf = (looks: Looks): ReadonlyMap<string, HostObservation> =>
  new Map(
    [...looks].map(([host, look]): [string, HostObservation] => [
      host,
      // Who holds a port is of interest before it is taken; and each service's state says whether it is configured as it should.
      "problem" in look ? look : { inventory: { ...inventoryOf(look.answers), held: [], misconfigured: [] } },
    ]),
  );

function hostStatus(
  name: string,
  connection: DockerConnection | undefined,
  look: Look | { readonly problem: string } | undefined,
  drift: readonly Drift[],
): HostStatus {
  const seen = look === undefined || "problem" in look ? undefined : look;
  const info = seen?.answers.info;
  const { memory, swap, memoryPressure, disk } = seen?.figures ?? {};
  return {
    name,
    address: connection?.address ?? null,
    problem: look !== undefined && "problem" in look ? look.problem : seen === undefined ? NO_ADDRESS : null,
    docker: info?.ServerVersion ?? null,
    cpus: info?.NCPU ?? null,
    memory: { total: memory?.total ?? info?.MemTotal ?? null, available: memory?.available ?? null },
    swap: swap ?? { total: null, used: null },
    memoryPressure: memoryPressure ?? { some: null, full: null },
    disk: disk ?? { total: null, available: null },
    services: (seen?.services ?? []).map(({ service, state, reason }) => ({
      name: service,
      state,
      reason: reason === "" ? null : reason,
    })),
    drift: drift.map(({ subject, problem }) => `${subject.slice(`${name}'s `.length)} ${problem}`),
  };
}

/** What another daemon has says nothing of the fleet. */
function unlessOther(
  look: Look | { readonly problem: string },
  hosts: readonly DockerHostPlan[],
  name: string,
  { daemons }: StackState,
): Look | { readonly problem: string } {
  const host = hosts.find((each) => each.name === name);
  if (host === undefined || "problem" in look) return look;
  const found = { daemon: look.answers.info.ID };
  return isOtherDaemon(host, found, daemons)
    ? { problem: describeOtherDaemon(host, found, daemons).message }
    : look;
}

export interface StatusPorts {
  readonly log: Log;
  /** An export that takes the place of the stack's own state. */
  readonly stateFile?: string | undefined;
  readonly connect?: Connect;
  readonly patience?: Patience;
}

/** All hosts are asked at once; one that does not answer is named, and hides none of the others. */
export async function fleetStatus(
  project: Project,
  { log, stateFile, connect: connectTo = connect, patience = PATIENCE }: StatusPorts,
): Promise<FleetStatus> {
  const { stack } = project;
  const fleet = readFleet(project);
  const state = stateFor(project, stateFile, log);
  const plan = planFleet(fleet, state.registry, stack, CATALOGUE);
  const connections = knownConnections(fleet, state.registry);
  const agents = new Set(plan.agents.map(({ object }) => object));
  const time = new Date().toISOString();
  const looks: Looks = new Map(
    await Promise.all(
      [...connections].map(async ([host, connection]) => {
        const place = { host, connection, stack, settings: fleet.settings, agents, connectTo };
        return [host, unlessOther(await lookAt(place, patience), plan.hosts, host, state)] as const;
      }),
    ),
  );
  const { drift } = findDrift(plan, state, observationsOf(looks));
  const hostOf = ({ name, host }: DockerAgentPlan): string => state.registry.agents.get(name)?.host ?? host;
  const ofAgents = new Map(
    plan.agents.map(({ name }) => [name, drift.filter(({ agent }) => agent === name)]),
  );
  const ofHosts = drift.filter(({ agent }) => agent === undefined);
  const names = new Set([...plan.hosts.map(({ name }) => name), ...connections.keys()]);
  return judge({
    stack,
    time,
    hosts: [...names].map((name) =>
      hostStatus(
        name,
        connections.get(name),
        looks.get(name),
        ofHosts.filter(({ host }) => host === name),
      ),
    ),
    agents: plan.agents.map((agent) => {
      const isDeployed = state.objects.ofAgents.has(objectKey("container", LOGICAL.gateway(agent.name)));
      const known = { host: hostOf(agent), isDeployed, drift: ofAgents.get(agent.name) ?? [] };
      return agentStatus(agent, known, observationOf(looks, known.host));
    }),
  });
}
