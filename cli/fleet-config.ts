/** The fleet as its stack file says it, checked before anything is touched. */
import { connect } from "docker-connection";
import type Docker from "dockerode";
import { type DockerEngine, engineOf, rentedEngine, rentedLogin } from "../fleet/engines.ts";
import { parseFleet } from "../fleet/parse.ts";
import { groupOf } from "../fleet/placement/place.ts";
import type { Fleet } from "../fleet/schema.ts";
import type { EngineName, Outputs } from "./engine.ts";
import type { Project } from "./project.ts";
import { readStackFile } from "./stack-file.ts";
import { UserError } from "./user-error.ts";

/** @throws FleetError with every problem at once. */
export const readFleet = (project: Project): Fleet =>
  parseFleet(readStackFile(project.stackFile, project.name).config[`${project.name}:fleet`]);

/**
 * By host: the engines that this machine can talk to.
 *
 * @param made the fleet's outputs: where rented servers are stands only there
 */
export const enginesOf = ({ hosts }: Fleet, made: Outputs["fleet"] | undefined): Map<string, DockerEngine> =>
  new Map([
    ...Object.entries(hosts).flatMap(([name, host]): [string, DockerEngine][] => {
      const engine = engineOf(host);
      return engine === undefined ? [] : [[name, engine]];
    }),
    ...Object.entries(made?.hosts ?? {}).flatMap(([name, { address, hostKey }]): [string, DockerEngine][] => {
      const group = hosts[groupOf(name)];
      return group?.kind !== "hetzner" || hostKey === null
        ? []
        : [[name, rentedEngine(new URL(address).hostname, rentedLogin(group, hostKey))]];
    }),
  ]);

/**
 * Only the Pulumi CLI has providers for clouds; the embedded engine would find out half-way.
 *
 * @throws UserError
 */
export function requireProviders({ hosts, dns }: Fleet, engine: EngineName): void {
  if (engine === "pulumi") return;
  const reasons = [
    ...Object.entries(hosts).flatMap(([name, { kind }]) =>
      kind === "hetzner" ? [`hosts.${name} rents servers`] : [],
    ),
    ...(dns.kind === "cloudflare" ? ["dns.kind is cloudflare"] : []),
  ];
  if (reasons.length > 0) {
    throw new UserError(
      `This fleet needs the Pulumi CLI, because ${reasons.join(" and ")}. Install it and have it on PATH; a preview and a plan work without it.`,
    );
  }
}

export const isRented = ({ hosts }: Fleet): boolean =>
  Object.values(hosts).some(({ kind }) => kind === "hetzner");

export const dockerOf = ({ address, sshOptions }: DockerEngine): Docker => connect({ address, sshOptions });
