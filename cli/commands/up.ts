import { setTimeout as sleep } from "node:timers/promises";
import { table } from "../../fleet/render/table.ts";
import type { Fleet } from "../../fleet/schema.ts";
import { deliverImages } from "../../images/deliver.ts";
import { ensureImages } from "../../images/ensure.ts";
import { checkHostNetworking, ensureDocker } from "../../setup/docker.ts";
import { openTunnel } from "../../ssh/tunnel.ts";
import type { Outputs, StackEngine, Terminal } from "../engine.ts";
import { enginesOf, readFleet } from "../fleet-config.ts";
import { readAuthority, stateOf } from "../front-door.ts";
import { LOCAL_STACK, type Project } from "../project.ts";

/**
 * Makes what every host needs before a container can start there: an engine that answers, and the three images. A host far
 * away that does not answer is named and left out: it must not keep the others from converging.
 *
 * @throws Error where this machine's own engine cannot be made to answer
 */
export async function prepareHosts(fleet: Fleet, { log }: Terminal): Promise<void> {
  const images = { gateway: fleet.image, frontDoor: fleet.frontDoor.image, backDoor: fleet.backDoor.image };
  const far: Promise<void>[] = [];
  for (const [host, { address, sshOptions }] of enginesOf(fleet)) {
    if (address.startsWith("ssh:")) {
      const deliver = async (): Promise<void> => {
        const dockerHost = `unix://${await openTunnel(address, sshOptions)}`;
        await deliverImages(images, { log, dockerHost, host });
      };
      far.push(deliver().catch((error: Error) => log(`${host} is left out of this run: ${error.message}`)));
      continue;
    }
    await ensureDocker({ log, host: address });
    await ensureImages(images, { log, dockerHost: address });
    await checkHostNetworking({ image: images.frontDoor, host: address });
  }
  await Promise.all(far);
}

/** True where the stack converged and every agent that is switched on says that it has started. */
export async function upCommand(project: Project, engine: StackEngine, terminal: Terminal): Promise<boolean> {
  const fleet = readFleet(project);
  await prepareHosts(fleet, terminal);
  const hasConverged = await engine.up();
  const outputs = await engine.outputs();
  if (outputs === undefined) return false;
  const states = await askAgents(project, fleet, outputs);
  terminal.print(`\n${renderFleet(project, outputs, states)}`);
  if (!hasConverged)
    terminal.print("\nNot everything converged; see above. The next `npm run up` goes on from here.");
  const isUp = Object.values(states).every((state) => state === "started" || state === SWITCHED_OFF);
  return hasConverged && isUp;
}

const SWITCHED_OFF = "switched off";

/** How long a public authority may take to give an agent its certificate; until then its name cannot be reached. */
const CERTIFICATE_MS = 60_000;
const ASK_AGAIN_MS = 1000;

async function settledState(question: Parameters<typeof stateOf>[0], patience: number): Promise<string> {
  const end = Date.now() + patience;
  let state = await stateOf(question);
  while (state !== "started" && Date.now() < end) {
    await sleep(ASK_AGAIN_MS);
    state = await stateOf(question);
  }
  return state;
}

async function askAgents(
  project: Project,
  fleet: Fleet,
  { fleet: made }: Outputs,
): Promise<Record<string, string>> {
  const listen =
    fleet.frontDoor.listen.find((address) => address !== "0.0.0.0" && address !== "::") ?? "127.0.0.1";
  // A public authority is one that this machine trusts already.
  const isPublic = fleet.frontDoor.tls === "acme";
  const patience = isPublic ? CERTIFICATE_MS : 0;
  const authorities = new Map(
    await Promise.all(
      [...enginesOf(fleet)].map(
        async ([name, engine]) =>
          [name, isPublic ? undefined : await readAuthority(project.stack, engine).catch(() => "")] as const,
      ),
    ),
  );
  const entries = Object.entries(made.agents).map(async ([name, agent]) => {
    const dockerAddress = new URL(made.hosts[agent.host]?.address ?? "unix:///");
    const address = dockerAddress.protocol === "unix:" ? listen : dockerAddress.hostname;
    const authority = authorities.get(agent.host);
    return [
      name,
      agent.enabled ? await settledState({ url: agent.url, address, authority }, patience) : SWITCHED_OFF,
    ] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function renderFleet(
  { stack }: Project,
  { fleet }: Outputs,
  states: Readonly<Record<string, string>>,
): string {
  const rows = Object.entries(fleet.agents).map(([name, agent]) => [
    name,
    agent.url,
    states[name] ?? "",
    `${agent.memoryMb} MiB`,
  ]);
  const suffix = stack === LOCAL_STACK ? "" : ` --stack ${stack}`;
  const dashes = suffix === "" ? "" : ` --${suffix}`;
  return [
    rows.length === 0 ? "The fleet has no agents." : table([["AGENT", "URL", "STATE", "MEMORY"], ...rows]),
    "",
    `Open one in a browser:  npm run login --${suffix} AGENT`,
    `Its token:              npm run outputs --${suffix} --json --show-secrets`,
    `Its log:                npm run logs --${suffix} AGENT`,
    `Trust the certificates: npm run --silent ca${dashes} > ca.pem`,
  ].join("\n");
}
