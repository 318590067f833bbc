/**
 * A Docker daemon behind SSH, as a socket on this machine.
 *
 * One SSH connection carries every call to a host. One per call, as the `docker` command makes them, exceeds the limits of the
 * server's sshd as soon as several calls run in parallel.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

const DOCKER_SOCKET = "/var/run/docker.sock";
const POLL_MS = 25;

/** No connection to the daemon, or no longer one: `ssh` could not connect, or its connection ended. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

type Ssh = ChildProcessByStdio<Writable, null, Readable>;

/** By address: the path of a tunnel's socket. */
const tunnels = new Map<string, Promise<string>>();

/** By address: the calls to fail when their tunnel ends. */
const calls = new Map<string, Set<(reason: string) => void>>();

function callsOver(address: string): Set<(reason: string) => void> {
  const known = calls.get(address) ?? new Set();
  calls.set(address, known);
  return known;
}

/**
 * A call's result, unless the tunnel that carries it ends first: some calls would then never settle.
 *
 * @throws UnreachableError if the tunnel ends
 */
export async function untilTunnelEnds<T>(address: string, call: Promise<T>): Promise<T> {
  if (!address.startsWith("ssh:")) return call;
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const fail = (reason: string): void =>
    reject(
      new UnreachableError(
        `${address} cannot be reached any more: ${reason}. Restore it; the next run continues from here.`,
      ),
    );
  callsOver(address).add(fail);
  try {
    return await Promise.race([call, ended]);
  } finally {
    callsOver(address).delete(fail);
  }
}

/**
 * The path of a socket that forwards to the daemon until this process ends.
 *
 * @param address `ssh://USER@HOST[:PORT]`
 * @throws UnreachableError that quotes ssh and gives a command to try by hand
 */
export function openTunnel(address: string, options: readonly string[]): Promise<string> {
  const known = tunnels.get(address);
  if (known !== undefined) return known;
  const opening = open(address, options);
  tunnels.set(address, opening);
  // The next call tries again: a host that was down may be back.
  opening.catch(() => tunnels.delete(address));
  return opening;
}

async function open(address: string, options: readonly string[]): Promise<string> {
  const { username, hostname, port } = new URL(address);
  const folder = mkdtempSync(join(tmpdir(), "docker-tunnel-"));
  const socket = join(folder, "docker.sock");
  const login = [...options, "-T", "-l", username, ...(port === "" ? [] : ["-p", port]), "--", hostname];
  const forward = ["-o", "ExitOnForwardFailure=yes", "-L", `${socket}:${DOCKER_SOCKET}`];
  // `cat` ends with its input, so the remote side ends with this process, however this process ends.
  const ssh: Ssh = spawn("ssh", [...forward, ...login, "cat"], {
    // In a process group of its own: Ctrl-C in a terminal would close it while operations still depend on it.
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
  let reason: string | undefined;
  const ended = endOf(ssh).then((why) => {
    reason = why;
    tunnels.delete(address);
    rmSync(folder, { recursive: true, force: true });
    return why;
  });
  process.once("exit", () => {
    ssh.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  while (reason === undefined && !existsSync(socket)) await sleep(POLL_MS);
  if (reason !== undefined) {
    throw new UnreachableError(
      `${address} cannot be reached: ${reason}. Does this work? ssh ${login.map(quoted).join(" ")} docker version`,
    );
  }
  void ended.then((why) => {
    for (const fail of callsOver(address)) fail(why);
  });
  unref(ssh);
  return socket;
}

/** Resolves when ssh has ended, with the reason. */
function endOf(ssh: Ssh): Promise<string> {
  let output = "";
  ssh.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve) => {
    ssh.on("error", (error) => resolve(error.message));
    ssh.on("close", (code) => resolve(lastWords(output) || `ssh exited with code ${code}`));
  });
}

/** The process may end while a tunnel is open. */
function unref(ssh: Ssh): void {
  for (const handle of [ssh, ssh.stdin, ssh.stderr]) {
    if ("unref" in handle && typeof handle.unref === "function") handle.unref();
  }
}

/** ssh prints the reason last, after banners and advice. */
const lastWords = (output: string): string =>
  output.trim().split(/\r?\n/).slice(-2).join(" ").replace(/\.$/, "");

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`);
