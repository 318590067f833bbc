/** What an operator should know about a plan, in sentences. */
import { isMeasured } from "../openclaw/footprint.ts";
import type { Fleet } from "./config/fleet.ts";
import { describeUnenforced } from "./docker/capabilities.ts";
import type { DockerAgentPlan, DockerHostPlan } from "./docker/types.ts";
import { agentObject } from "./names.ts";
import type { Placement } from "./placement/place.ts";
import type { Registry } from "./registry.ts";

interface Subject {
  readonly agents: readonly DockerAgentPlan[];
  readonly hosts: readonly DockerHostPlan[];
  readonly placement: Placement;
  readonly fleet: Fleet;
  readonly registry: Registry;
  readonly stack: string;
}

/** Certificates that Let's Encrypt issues in a week for names below one domain. */
const WEEKLY_CERTIFICATES = 50;

/** And for the same set of names, which each host of a fleet with wildcards asks for. */
const WEEKLY_DUPLICATES = 5;

function wildcardLimit({ agents, fleet: { settings }, registry }: Subject): string[] {
  const known = new Set([...registry.agents.values()].map(({ host }) => host));
  const hosts = new Set(agents.flatMap(({ host }) => (known.has(host) ? [] : [host]))).size;
  return hosts > WEEKLY_DUPLICATES
    ? [
        `${hosts} hosts need a certificate for *.${settings.domain}, and Let's Encrypt issues ${WEEKLY_DUPLICATES} a week for the same names: bring them up over several weeks. Until then the agents on the others cannot be reached.`,
      ]
    : [];
}

function certificateLimit({ agents, fleet: { settings }, registry }: Subject): string[] {
  const added = agents.filter(({ name, access }) => access === "public" && !registry.agents.has(name)).length;
  return added > WEEKLY_CERTIFICATES
    ? [
        `${added} agents need a new certificate, and Let's Encrypt issues ${WEEKLY_CERTIFICATES} a week for names below ${settings.domain}: bring them up over several weeks, or ask for a higher limit. Until then the others cannot be reached.`,
      ]
    : [];
}

function certificates(subject: Subject): string[] {
  const { tls } = subject.fleet.settings.ingress;
  if (tls === "wildcard") return wildcardLimit(subject);
  return tls === "acme" ? certificateLimit(subject) : [];
}

const unmeasuredImage = ({ fleet: { settings } }: Subject): string[] =>
  settings.footprint === undefined && !isMeasured(settings.image)
    ? [
        `${settings.image} was not measured: it is assumed to need what the newest measured image does. Measure it: npm run footprint -- ${settings.image}`,
      ]
    : [];

function unknownDrains({ fleet, placement }: Subject): string[] {
  const names = new Set(placement.hosts.map(({ name }) => name));
  return [...fleet.hosts.values()].flatMap(({ name: group, draining }) =>
    draining
      .filter((server) => !names.has(server))
      .map((server) => `hosts.${group}.drain names ${server}, which does not exist.`),
  );
}

const openEgress = ({ agents }: Subject): string[] =>
  agents
    .filter(({ egress }) => egress === "open")
    .map(({ name }) => `${name} has open egress: it reaches the whole internet, past the egress proxy.`);

function fewerCpus({ agents, fleet }: Subject): string[] {
  const classes = new Map(fleet.agents.map(({ name, class: { cpus } }) => [name, cpus]));
  return agents.flatMap(({ name, host, class: className, limits: { cpus } }) => {
    const allowed = classes.get(name) ?? cpus;
    return cpus === allowed
      ? []
      : [
          `${name} may use ${cpus} of the ${allowed} CPUs that class ${className} allows: ${host} has no more.`,
        ];
  });
}

const dataLeftBehind = ({ placement, fleet, registry, stack }: Subject): string[] => {
  const wanted = new Set(fleet.agents.map(({ name }) => name));
  return [
    ...placement.moves.map(
      ({ agent, from }) =>
        `${agent} moves and starts there without its data, which stays on ${from}, in volume ${agentObject(stack, agent)}.`,
    ),
    ...[...registry.agents.keys()]
      .filter((name) => !wanted.has(name))
      .toSorted()
      .map(
        (name) =>
          `${name} leaves the fleet; its data stays in volume ${agentObject(stack, name)}. To delete it for good: npm run purge -- ${name}`,
      ),
  ];
};

const withoutProtection = ({ hosts }: Subject): string[] =>
  hosts.filter(({ unenforced }) => unenforced.length > 0).map(describeUnenforced);

const asRead = ({ fleet }: Subject): readonly string[] => fleet.notices;

const NOTICES = [
  asRead,
  withoutProtection,
  unmeasuredImage,
  certificates,
  unknownDrains,
  openEgress,
  fewerCpus,
  dataLeftBehind,
];

export const noticesOf = (subject: Subject): string[] => NOTICES.flatMap((notice) => notice(subject));
