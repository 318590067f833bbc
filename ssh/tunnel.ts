/**
 * A Docker engine behind SSH, as a socket on this machine.
 *
 * One SSH connection carries every call to a host: one for each call, as the `docker` command makes them, runs into the
 * limits of the server's sshd as soon as a fleet is brought up in parallel.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const DOCKER_SOCKET = "/var/run/docker.sock";
const POLL_MS = 25;

export const UNREACHABLE = "cannot be reached";

export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** By address: what is open, or being opened. */
const tunnels = new Map<string, Promise<string>>();

/** By address: told why the tunnel has ended, to every call that it carries. */
const ends = new Map<string, PromiseWithResolvers<string>>();

function endOf(address: string): PromiseWithResolvers<string> {
  const end = ends.get(address) ?? Promise.withResolvers<string>();
  ends.set(address, end);
  return end;
}

/**
 * A call's result, unless the tunnel that carries it ends first: some calls would then wait for ever.
 *
 * @throws UnreachableError where it does
 */
export async function unlessEnded<T>(address: string, call: Promise<T>): Promise<T> {
  if (!address.startsWith("ssh:")) return call;
  const lost = endOf(address).promise.then((reason): never => {
    throw new UnreachableError(
      `${address} ${UNREACHABLE} any more: ${reason}. Bring it back; the next run goes on from here.`,
    );
  });
  return Promise.race([call, lost]);
}

/**
 * Gives the path of a socket at which the engine answers, until this process ends.
 *
 * @param address `ssh://USER@HOST[:PORT]`
 * @throws UnreachableError that quotes ssh, and says what to try by hand
 */
export function openTunnel(address: string, options: readonly string[]): Promise<string> {
  const known = tunnels.get(address);
  if (known !== undefined) return known;
  const opening = open(address, options);
  tunnels.set(address, opening);
  // The next call tries again: a host that was down may be up.
  opening.catch(() => tunnels.delete(address));
  return opening;
}

async function open(address: string, options: readonly string[]): Promise<string> {
  const { username, hostname, port } = new URL(address);
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-"));
  const socket = join(folder, "docker.sock");
  const login = [...options, "-T", "-l", username, ...(port === "" ? [] : ["-p", port]), "--", hostname];
  // The far end waits for the end of its input: so it ends with this process, however that ends.
  const forward = ["-o", "ExitOnForwardFailure=yes", "-L", `${socket}:${DOCKER_SOCKET}`];
  const ssh = spawn("ssh", [...forward, ...login, "cat"], { stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  let end: string | undefined;
  ssh.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  ssh.on("error", (error) => {
    end = error.message;
  });
  ssh.on("close", (code) => {
    end ??= reasonIn(said) || `ssh ended with code ${code}`;
    tunnels.delete(address);
    rmSync(folder, { recursive: true, force: true });
  });
  process.once("exit", () => {
    ssh.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  while (end === undefined && !existsSync(socket)) await sleep(POLL_MS);
  if (end !== undefined) {
    throw new UnreachableError(
      `${address} ${UNREACHABLE}: ${end.replace(/\.$/, "")}. Does this work? ssh ${login.map(quoted).join(" ")} docker version`,
    );
  }
  ssh.on("close", () => {
    endOf(address).resolve(end ?? "");
    ends.delete(address);
  });
  for (const handle of [ssh, ssh.stdin, ssh.stderr]) (handle as { unref?(): void }).unref?.();
  return socket;
}

/** The last of what ssh says names the reason; before it stand banners and advice. */
const reasonIn = (said: string): string => said.trim().split(/\r?\n/).slice(-2).join(" ");

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`);
