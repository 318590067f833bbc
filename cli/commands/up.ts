import { setTimeout as sleep } from "node:timers/promises";
import type { DockerEngine } from "../../fleet/hosts/connection.ts";
import { table } from "../../report/table.ts";
import type { Fleet } from "../../fleet/config/schema.ts";
import { deliverImages } from "../../images/deliver.ts";
import { ensureImages } from "../../images/ensure.ts";
import { checkHostNetworking, ensureDocker } from "../../system/docker.ts";
import { openTunnel } from "../../ssh/tunnel.ts";
import type { Outputs, StackEngine, Terminal } from "../../workspace/engine.ts";
import { dockerOf, enginesOf, readFleet, requireProviders } from "../../operations/fleet-config.ts";
import { readAuthority, stateOf } from "../../operations/ask-agent.ts";
import { LOCAL_STACK, type Project } from "../../workspace/project.ts";

/**
 * Makes what every host needs before a container can start there: an engine that answers, and the three images. A host far
 * away that does not answer is named and left out: it must not keep the others from converging.
 *
 * @throws Error where this machine's own engine cannot be made to answer
 */
export async function prepareHosts(fleet: Fleet, { log }: Terminal): Promise<void> {
  const images = { gateway: fleet.image, ingress: fleet.ingress.image, egressProxy: fleet.egressProxy.image };
  const far: Promise<void>[] = [];
  for (const [host, { address, sshOptions }] of enginesOf(fleet, undefined)) {
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
    await checkHostNetworking({ image: images.ingress, host: address });
  }
  await Promise.all(far);
}

/** True where the stack converged and every agent that is switched on says that it has started. */
export async function upCommand(project: Project, engine: StackEngine, terminal: Terminal): Promise<boolean> {
  const fleet = readFleet(project);
  requireProviders(fleet, engine.name);
  await prepareHosts(fleet, terminal);
  const hasConverged = await engine.up();
  const outputs = await engine.outputs();
  if (outputs === undefined) return false;
  const states = await askAgents(project, fleet, outputs, hasConverged ? SETTLE_MS : 0);
  terminal.print(`\n${renderFleet(project, outputs, states)}`);
  if (!hasConverged)
    terminal.print("\nNot everything converged; see above. The next `npm run up` goes on from here.");
  const isUp = Object.values(states).every((state) => state === STARTED || state === SWITCHED_OFF);
  return hasConverged && isUp;
}

const SWITCHED_OFF = "switched off";
const STARTED = "started";

/**
 * How long an agent may take to answer once everything has converged: a public authority takes its time to give it a
 * certificate, and a host that was just started has its agents still starting.
 */
const SETTLE_MS = 60_000;
const ASK_AGAIN_MS = 1000;

async function settledState(question: Parameters<typeof stateOf>[0], patience: number): Promise<string> {
  const end = Date.now() + patience;
  let state = await stateOf(question);
  while (state !== STARTED && Date.now() < end) {
    await sleep(ASK_AGAIN_MS);
    state = await stateOf(question);
  }
  return state;
}

/** An agent without a public address cannot be asked from here; its container's health is the same answer. */
async function healthOf(engine: DockerEngine | undefined, container: string): Promise<string> {
  if (engine === undefined) return "unknown: its host is not in the configuration";
  try {
    const { State } = await dockerOf(engine).getContainer(container).inspect();
    return State.Health?.Status === "healthy" ? STARTED : (State.Health?.Status ?? State.Status);
  } catch (error) {
    return `unknown (${(error as Error).message})`;
  }
}

async function askAgents(
  project: Project,
  fleet: Fleet,
  { fleet: made }: Outputs,
  patience: number,
): Promise<Record<string, string>> {
  const listen =
    fleet.ingress.listen.find((address) => address !== "0.0.0.0" && address !== "::") ?? "127.0.0.1";
  // A public authority is one that this machine trusts already.
  const isPublic = fleet.ingress.tls !== "internal";
  const engines = enginesOf(fleet, made);
  const authorities = new Map(
    await Promise.all(
      [...engines].map(
        async ([name, engine]) =>
          [name, isPublic ? undefined : await readAuthority(project.stack, engine).catch(() => "")] as const,
      ),
    ),
  );
  const stateOfAgent = async (agent: Outputs["fleet"]["agents"][string]): Promise<string> => {
    if (!agent.enabled) return SWITCHED_OFF;
    if (agent.access !== "public") return healthOf(engines.get(agent.host), agent.container);
    const dockerAddress = new URL(made.hosts[agent.host]?.address ?? "unix:///");
    const address = dockerAddress.protocol === "unix:" ? listen : dockerAddress.hostname;
    return settledState({ url: agent.url, address, authority: authorities.get(agent.host) }, patience);
  };
  const entries = Object.entries(made.agents).map(
    async ([name, agent]) => [name, await stateOfAgent(agent)] as const,
  );
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
