/**
 * A remote server on this machine: a network namespace with an address, an sshd and a Docker daemon of its own.
 * Needs root and Debian's packages.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { aptInstall, canInstall } from "../../../system/apt.ts";
import { lastLines, run } from "../../../system/run.ts";

const START_MS = 60_000;
const POLL_MS = 100;

export const canCreateHosts = canInstall;

export const prepareHosts = (): Promise<void> =>
  existsSync("/usr/sbin/sshd") && existsSync("/usr/sbin/ip")
    ? Promise.resolve()
    : aptInstall(["openssh-server", "openssh-client", "iproute2"], () => {});

/** Runs in the host's namespaces until it is killed; its children end with it. */
const MACHINE = `
set -e
mount --make-rprivate /
mkdir -p "$DIR/run/sshd"
mount --bind "$DIR/run" /run
dockerd --data-root "$DIR/docker" --exec-root /run/docker --pidfile /run/docker.pid \\
  --host unix:///var/run/docker.sock >"$DIR/dockerd.log" 2>&1 &
exec /usr/sbin/sshd -D -e -f "$DIR/sshd_config" 2>"$DIR/sshd.log"
`;

export class RemoteHost {
  readonly address: string;
  /** The private key that is let in. */
  readonly key: string;
  readonly hostKey: string;
  readonly #name: string;
  readonly #folder: string;
  #machine: ChildProcess | undefined;

  private constructor(index: number, folder: string) {
    this.#name = `fleet-${index}`;
    this.#folder = folder;
    this.address = `10.201.${index}.2`;
    this.key = join(folder, "key");
    this.hostKey = readFileSync(join(folder, "host_key.pub"), "utf8").split(" ").slice(0, 2).join(" ").trim();
  }

  /** @param index 1 to 254, which no other host has at the time */
  static async create(index: number): Promise<RemoteHost> {
    const folder = mkdtempSync(join(tmpdir(), "agent-fleet-host-"));
    for (const name of ["key", "host_key"]) {
      await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
    }
    const host = new RemoteHost(index, folder);
    writeFileSync(
      join(folder, "sshd_config"),
      [
        `ListenAddress ${host.address}`,
        `HostKey ${join(folder, "host_key")}`,
        `AuthorizedKeysFile ${join(folder, "key.pub")}`,
        "PermitRootLogin prohibit-password",
        "PasswordAuthentication no",
        "StrictModes no",
        "UsePAM no",
        "LogLevel VERBOSE",
        "PidFile none",
        "",
      ].join("\n"),
    );
    await host.#connect(index);
    await host.start();
    return host;
  }

  async #connect(index: number): Promise<void> {
    const [here, there] = [`fleet${index}`, "eth0"];
    await run("ip", ["netns", "delete", this.#name]).catch(() => "");
    await run("ip", ["link", "delete", here]).catch(() => "");
    await run("ip", ["netns", "add", this.#name]);
    await run("ip", ["link", "add", here, "type", "veth", "peer", "name", there, "netns", this.#name]);
    await run("ip", ["address", "add", `10.201.${index}.1/24`, "dev", here]);
    await run("ip", ["link", "set", here, "up"]);
    const inside = (...words: string[]): Promise<string> => run("ip", ["-n", this.#name, ...words]);
    await inside("address", "add", `${this.address}/24`, "dev", there);
    await inside("link", "set", there, "up");
    await inside("link", "set", "lo", "up");
    await inside("route", "add", "default", "via", `10.201.${index}.1`);
  }

  /** Powers it on, and waits until SSH and Docker answer. */
  async start(): Promise<void> {
    const log = openSync(join(this.#folder, "machine.log"), "w");
    // As on a machine that starts: nothing is left of an earlier run.
    rmSync(join(this.#folder, "run"), { recursive: true, force: true });
    mkdirSync(join(this.#folder, "run"));
    // Its own process group, so that all of it can be powered off at once.
    this.#machine = spawn(
      "nsenter",
      [`--net=/var/run/netns/${this.#name}`, "unshare", "--mount", "bash", "-c", MACHINE],
      { env: { ...process.env, DIR: this.#folder }, stdio: ["ignore", log, log], detached: true },
    );
    const end = Date.now() + START_MS;
    while (Date.now() < end) {
      if (
        await this.ssh("docker", "version").then(
          () => true,
          () => false,
        )
      )
        return;
      await sleep(POLL_MS);
    }
    const logs = ["machine.log", "sshd.log", "dockerd.log"].map((name) =>
      existsSync(join(this.#folder, name)) ? lastLines(readFileSync(join(this.#folder, name), "utf8")) : "",
    );
    throw new Error(`${this.#name} does not come up:\n${logs.join("\n")}`);
  }

  ssh(...words: readonly string[]): Promise<string> {
    const options = [
      "-o",
      "StrictHostKeyChecking=no",
      "-o",
      "UserKnownHostsFile=/dev/null",
      "-o",
      "LogLevel=ERROR",
    ];
    return run("ssh", [
      ...options,
      "-o",
      "ConnectTimeout=2",
      "-i",
      this.key,
      `root@${this.address}`,
      ...words,
    ]);
  }

  /** How many logins there have been. */
  logins(): number {
    const log = readFileSync(join(this.#folder, "sshd.log"), "utf8");
    return log.split("\n").filter((line) => line.startsWith("Accepted publickey")).length;
  }

  /** Pulls the plug. */
  async stop(): Promise<void> {
    const { pid } = this.#machine ?? {};
    this.#machine = undefined;
    if (pid === undefined) return;
    // Containers are in process groups of their own, but in the host's network namespace.
    const pids = await run("ip", ["netns", "pids", this.#name]).catch(() => "");
    for (const each of [...pids.split(/\s+/).filter(Boolean).map(Number), -pid]) {
      try {
        process.kill(each, "SIGKILL");
      } catch {
        // It has ended already.
      }
    }
    await sleep(POLL_MS);
  }

  async remove(): Promise<void> {
    const containers = await this.ssh("docker", "ps", "--all", "--quiet").catch(() => "");
    const ids = containers.split(/\s+/).filter(Boolean);
    if (ids.length > 0) await this.ssh("docker", "rm", "--force", ...ids).catch(() => "");
    await this.stop();
    await run("ip", ["netns", "delete", this.#name]).catch(() => "");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
