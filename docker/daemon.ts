/**
 * The Docker daemon that Docker's own tools use on this machine, found in the order in which they look for it, and after them
 * in the places where the known products put their sockets.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { DEFAULT_ADDRESS } from "./connect.ts";

/** What is looked at; tests have their own. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  exists(path: string): boolean;
  /** @throws where there is no such file */
  read(path: string): string;
}

const thisMachine = (): Machine => ({
  env: process.env,
  home: homedir(),
  exists: existsSync,
  read: (path) => readFileSync(path, "utf8"),
});

export interface FoundDaemon {
  /** `unix://`, `tcp://` or `ssh://`. */
  readonly address: string;
  /** The folder with `ca.pem`, `cert.pem` and `key.pem`, of a daemon that asks for TLS. */
  readonly certificates?: string;
  /** Why this one: `DOCKER_HOST`. Undefined for the default. */
  readonly reason: string | undefined;
}

/** There is a daemon to use by Docker's own rules, and it cannot be used. */
export class DaemonNotFoundError extends Error {
  override readonly name = "DaemonNotFoundError";
}

const DEFAULT_CONTEXT = "default";

/**
 * Where rootless Docker, Docker Desktop, Colima, OrbStack and Rancher Desktop listen. Podman is left out: it runs no health
 * checks, by which a gateway is known to have started.
 */
function sockets({ env, home }: Machine): { readonly path: string; readonly product: string }[] {
  const { XDG_RUNTIME_DIR: run } = env;
  const ofUser = (path: string, product: string) => (run ? [{ path: join(run, path), product }] : []);
  return [
    ...ofUser("docker.sock", "rootless Docker"),
    { path: join(home, ".docker/desktop/docker.sock"), product: "Docker Desktop" },
    { path: join(home, ".docker/run/docker.sock"), product: "Docker Desktop" },
    { path: join(home, ".colima/default/docker.sock"), product: "Colima" },
    { path: join(home, ".orbstack/run/docker.sock"), product: "OrbStack" },
    { path: join(home, ".rd/docker.sock"), product: "Rancher Desktop" },
  ];
}

const folderOf = ({ env, home }: Machine): string => env["DOCKER_CONFIG"] || join(home, ".docker");

function checked(address: string, source: string): string {
  if (/^(?:unix:\/\/\/|tcp:\/\/[^/]+:\d|ssh:\/\/[^/])/.test(address) && URL.canParse(address)) return address;
  throw new DaemonNotFoundError(
    `${source} is ${JSON.stringify(address)}: unix:///PATH, tcp://HOST:PORT and ssh://USER@HOST can be used`,
  );
}

function fromHost(machine: Machine, address: string): FoundDaemon {
  const { DOCKER_TLS_VERIFY: tls, DOCKER_CERT_PATH: certificates = folderOf(machine) } = machine.env;
  return {
    address: checked(address, "DOCKER_HOST"),
    ...(tls && address.startsWith("tcp:") ? { certificates } : {}),
    reason: "DOCKER_HOST",
  };
}

function json(machine: Machine, file: string): Record<string, unknown> | undefined {
  if (!machine.exists(file)) return undefined;
  try {
    return JSON.parse(machine.read(file));
  } catch {
    throw new DaemonNotFoundError(`${file} is not JSON`);
  }
}

/** The name of the context in use, and what says so. */
function contextOf(machine: Machine): { readonly name: string; readonly source: string } | undefined {
  const { DOCKER_CONTEXT: chosen } = machine.env;
  if (chosen) return { name: chosen, source: "DOCKER_CONTEXT" };
  const file = join(folderOf(machine), "config.json");
  const current = json(machine, file)?.["currentContext"];
  return typeof current === "string" && current !== "" ? { name: current, source: file } : undefined;
}

function fromContext(machine: Machine, name: string, source: string): FoundDaemon {
  const id = createHash("sha256").update(name).digest("hex");
  const contexts = join(folderOf(machine), "contexts");
  const meta = json(machine, join(contexts, "meta", id, "meta.json")) as
    | { Endpoints?: { docker?: { Host?: string } } }
    | undefined;
  const address = meta?.Endpoints?.docker?.Host;
  if (address === undefined) {
    throw new DaemonNotFoundError(
      `there is no docker context ${name}, which ${source} names: docker context ls`,
    );
  }
  const certificates = join(contexts, "tls", id, "docker");
  return {
    address: checked(address, `the docker context ${name}`),
    ...(address.startsWith("tcp:") && machine.exists(join(certificates, "cert.pem")) ? { certificates } : {}),
    reason: `the docker context ${name}`,
  };
}

/**
 * `DOCKER_HOST`, then `DOCKER_CONTEXT`, then the current context, then the first socket that exists.
 *
 * @throws DaemonNotFoundError for an address or a context that cannot be used
 */
export function findDaemon(machine: Machine = thisMachine()): FoundDaemon {
  const { DOCKER_HOST: host } = machine.env;
  if (host) return fromHost(machine, host);
  const context = contextOf(machine);
  // Docker's own name for its default socket: then nothing else is looked for.
  if (context?.name === DEFAULT_CONTEXT) return { address: DEFAULT_ADDRESS, reason: undefined };
  if (context !== undefined) return fromContext(machine, context.name, context.source);
  if (machine.exists(DEFAULT_ADDRESS.slice("unix://".length)))
    return { address: DEFAULT_ADDRESS, reason: undefined };
  const found = sockets(machine).find(({ path }) => machine.exists(path));
  return found === undefined
    ? { address: DEFAULT_ADDRESS, reason: undefined }
    : { address: `unix://${found.path}`, reason: `the socket of ${found.product}` };
}
