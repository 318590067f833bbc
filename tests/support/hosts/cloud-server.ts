/**
 * A cloud server on this machine: real cloud-init, sshd, apt, nftables and Docker on a Debian of its own, in namespaces.
 * Needs root and Debian's packages.
 *
 * Not real are the kernel's own settings, which are copies; swapon, which only checks its file; and systemd: instead of it,
 * `files/usr/bin/systemctl` starts the real programs as their unit files define.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { canInstall } from "../../../system/apt.ts";
import { lastLines, run } from "../../../system/run.ts";
import { prepareServers, ROOT } from "./cloud-server/root.ts";
import { DataVolume } from "./cloud-server/volume.ts";

export { DataVolume, prepareServers };

/** Whether this machine can run such servers. */
export const canCreateServers = canInstall;

const PARTS = join(import.meta.dirname, "cloud-server");
const UP_MS = 60_000;
const POLL_MS = 100;
const CGROUPS = "/sys/fs/cgroup";
const ENVIRONMENT = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"];

export interface ServerOptions {
  /** 1 to 254, different from other servers' at the time. */
  readonly index: number;
  readonly name: string;
  readonly userData: string;
  /** Whole lines, comments included. */
  readonly authorizedKeys: readonly string[];
  /** An earlier server may have had it. Default: `10.202.<index>.2`. */
  readonly address?: string | undefined;
}

export class CloudServer {
  readonly address: string;
  /** Its whole file system, as it is seen from here. */
  readonly root: string;
  readonly #index: number;
  readonly #folder: string;
  readonly #volumes = new Set<DataVolume>();
  #machine: ChildProcess | undefined;

  private constructor(folder: string, { index, address }: ServerOptions) {
    this.#folder = folder;
    this.#index = index;
    this.root = join(folder, "root");
    this.address = address ?? `10.202.${index}.2`;
  }

  /** Creates one. It answers SSH when its first boot has only begun. */
  static async boot(options: ServerOptions): Promise<CloudServer> {
    const folder = mkdtempSync(join(tmpdir(), `agent-fleet-server-${options.index}-`));
    const server = new CloudServer(folder, options);
    await run("cp", ["--archive", ROOT, server.root]);
    renameSync(join(server.root, "usr/bin/systemctl"), join(server.root, "usr/bin/systemctl.real"));
    cpSync(join(PARTS, "files"), server.root, { recursive: true });
    server.#seed(options);
    try {
      await server.#start("first");
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  #seed({ name, userData, authorizedKeys }: ServerOptions): void {
    const seed = join(this.root, "var/lib/cloud/seed/nocloud");
    mkdirSync(seed, { recursive: true });
    const metaData = { "instance-id": this.#folder, "local-hostname": name, "public-keys": authorizedKeys };
    writeFileSync(join(seed, "meta-data"), JSON.stringify(metaData));
    writeFileSync(join(seed, "user-data"), userData);
    // Nothing answers there unless a test does.
    writeFileSync(join(this.root, "etc/resolv.conf"), "nameserver 203.0.113.53\n");
  }

  get #namespace(): string {
    return `fleet-r${this.#index}`;
  }

  /** At each start: addresses, rules and bridges are gone when a machine is powered off. */
  async #connect(): Promise<void> {
    const [here, there, router] = [`fleetr${this.#index}`, "eth0", `10.202.${this.#index}.1`];
    await this.#disconnect();
    await run("ip", ["netns", "add", this.#namespace]);
    await run("ip", ["link", "add", here, "type", "veth", "peer", "name", there, "netns", this.#namespace]);
    await run("ip", ["address", "add", `${router}/24`, "dev", here]);
    await run("ip", ["link", "set", here, "up"]);
    await run("ip", ["route", "replace", `${this.address}/32`, "dev", here]);
    const inside = (...words: string[]): Promise<string> => run("ip", ["-n", this.#namespace, ...words]);
    await inside("address", "add", `${this.address}/32`, "dev", there);
    await inside("link", "set", there, "up");
    await inside("link", "set", "lo", "up");
    await inside("route", "add", router, "dev", there);
    await inside("route", "add", "default", "via", router);
  }

  async #disconnect(): Promise<void> {
    await run("ip", ["netns", "delete", this.#namespace]).catch(() => "");
    await run("ip", ["link", "delete", `fleetr${this.#index}`]).catch(() => "");
  }

  async #start(boot: "first" | "again"): Promise<void> {
    await this.#connect();
    const disks = [...this.#volumes].flatMap(({ node, numbers, name }) => [node, ...numbers, name]);
    const log = openSync(join(this.#folder, "console.log"), "a");
    const machine = spawn(
      "setpriv",
      [
        // Whatever ends the tests ends the machine.
        ...["--pdeathsig", "KILL"],
        ...["nsenter", `--net=/var/run/netns/${this.#namespace}`],
        ...["unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"],
        ...["bash", join(PARTS, "power-on.sh"), this.root, boot, ...disks],
      ],
      { stdio: ["ignore", log, log] },
    );
    this.#machine = machine;
    const end = Date.now() + UP_MS;
    while (Date.now() < end && machine.exitCode === null) {
      const first = this.#firstProcess();
      if (first !== undefined && existsSync(`/proc/${first}/root/run/is-up`)) return;
      await sleep(POLL_MS);
    }
    await this.powerOff();
    throw new Error(`${this.#namespace} does not come up:\n${lastLines(this.console())}`);
  }

  /** Its number among this machine's processes. */
  #firstProcess(): string | undefined {
    const children = `/proc/${this.#machine?.pid}/task/${this.#machine?.pid}/children`;
    return existsSync(children) ? readFileSync(children, "utf8").split(" ").find(Boolean) : undefined;
  }

  /** What it has printed since it exists. */
  console(): string {
    return readFileSync(join(this.#folder, "console.log"), "utf8");
  }

  /** Its SSH host key, without a comment. */
  hostKey(): string {
    const line = readFileSync(join(this.root, "etc/ssh/ssh_host_ed25519_key.pub"), "utf8");
    return line.split(" ").slice(0, 2).join(" ").trim();
  }

  /** Runs a script in it as root, without SSH. */
  async exec(script: string): Promise<string> {
    const first = this.#firstProcess();
    if (first === undefined) throw new Error(`${this.#namespace} is powered off`);
    const namespaces = ["--mount", "--net", "--pid", "--uts", "--ipc"];
    const shell = ["env", "--ignore-environment", ...ENVIRONMENT, "bash", "-c", script];
    return run("nsenter", ["--target", first, ...namespaces, ...shell]);
  }

  async attachVolume(volume: DataVolume): Promise<void> {
    this.#volumes.add(volume);
    if (this.#machine === undefined) return;
    const { node, numbers, name } = volume;
    await this.exec(
      `mknod -m 660 /dev/${node} b ${numbers.join(" ")} && ln -s ../../${node} /dev/disk/by-id/${name}`,
    );
  }

  /** Pulls it out: mounted or not, as the provider does. */
  async detachVolume(volume: DataVolume): Promise<void> {
    this.#volumes.delete(volume);
    if (this.#machine === undefined) return;
    const { node, name } = volume;
    await this.exec(`sync
      findmnt --noheadings --output TARGET --source /dev/${node} | tac | xargs --no-run-if-empty umount --lazy
      rm /dev/${node} /dev/disk/by-id/${name}`);
  }

  /** Pulls the plug. */
  async powerOff(): Promise<void> {
    const machine = this.#machine;
    if (machine === undefined) return;
    const first = this.#firstProcess();
    this.#machine = undefined;
    // All others end with the first one, containers too.
    if (first !== undefined) process.kill(Number(first), "SIGKILL");
    if (machine.exitCode === null && machine.signalCode === null) await once(machine, "exit");
    this.#removeCgroups();
  }

  /** Docker removes a container's groups when it ends in good order. */
  #removeCgroups(): void {
    const containers = join(this.root, "var/lib/docker/containers");
    if (!existsSync(containers)) return;
    for (const parent of [".", ...readdirSync(CGROUPS)]) {
      for (const id of readdirSync(containers)) {
        try {
          rmdirSync(join(CGROUPS, parent, "docker", id));
        } catch {
          // It had none of this kind.
        }
      }
    }
  }

  /** Starts it again, and waits until everything that starts with it is up or has failed. */
  async powerOn(): Promise<void> {
    if (this.#machine === undefined) await this.#start("again");
  }

  async remove(): Promise<void> {
    await this.powerOff();
    await this.#disconnect();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
