/** Both clouds, with real machines behind Hetzner's servers, for the real Pulumi CLI and its real providers. */
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../system/run.ts";
import { CloudServer, DataVolume, prepareServers } from "../hosts/cloud-server.ts";
import { type Cloudflare, startCloudflare } from "./cloudflare.ts";
import { type Hetzner, startHetzner } from "./hetzner.ts";

/** Volumes are smaller here than the cloud reports. */
const VOLUME_MB = 400;

/** Loaded by each server's Docker, which reaches no registry here. */
const IMAGES_UNIT = "etc/systemd/system/docker.service.d/images.conf";

const IMAGES = ["openclaw/openclaw:2026.9.6", "caddy:2.11.4", "ubuntu/squid:6.6-24.04_beta"];

/** @returns a file with the three images that a fleet needs */
export async function saveImages(folder: string): Promise<string> {
  const archive = join(folder, "images.tar");
  await run("docker", ["save", "--output", archive, ...IMAGES]);
  return archive;
}

/** Gives a server its images, which it cannot pull, before its first boot has installed Docker. */
export function seedImages({ root }: CloudServer, archive: string): void {
  linkSync(archive, join(root, "srv/images.tar"));
  mkdirSync(join(root, IMAGES_UNIT, ".."), { recursive: true });
  writeFileSync(
    join(root, IMAGES_UNIT),
    "[Service]\nExecStartPost=docker load --quiet --input /srv/images.tar\n",
  );
}

export class TestClouds {
  readonly hetzner: Hetzner;
  readonly cloudflare: Cloudflare;
  /** By a server's name at its provider. */
  readonly machines: ReadonlyMap<string, Promise<CloudServer>>;
  readonly #volumes: Map<number, Promise<DataVolume>>;
  readonly #folder: string;

  private constructor(
    folder: string,
    clouds: { hetzner: Hetzner; cloudflare: Cloudflare },
    machines: Map<string, Promise<CloudServer>>,
    volumes: Map<number, Promise<DataVolume>>,
  ) {
    this.#folder = folder;
    this.hetzner = clouds.hetzner;
    this.cloudflare = clouds.cloudflare;
    this.machines = machines;
    this.#volumes = volumes;
  }

  /**
   * @param first the servers' addresses are `10.202.<first>.2` and up
   * @param intercept may change a server's user data
   */
  static async start(
    first: number,
    intercept: (server: string, userData: string) => string,
  ): Promise<TestClouds> {
    await prepareServers();
    const folder = mkdtempSync(join(tmpdir(), "agent-fleet-clouds-"));
    const archive = await saveImages(folder);
    const machines = new Map<string, Promise<CloudServer>>();
    const volumes = new Map<number, Promise<DataVolume>>();
    const machineOf = (name: string): Promise<CloudServer> =>
      machines.get(name) ?? Promise.reject(new Error(`there is no machine behind ${name}`));

    const boot = async (
      name: string,
      address: string,
      userData: string,
      authorizedKeys: readonly string[],
    ): Promise<CloudServer> => {
      const index = Number(address.split(".")[2]);
      const machine = await CloudServer.boot({
        index,
        name,
        userData: intercept(name, userData),
        authorizedKeys,
        address,
      });
      seedImages(machine, archive);
      return machine;
    };

    const hetzner = await startHetzner({
      actionMs: 300,
      addresses: Array.from({ length: 9 }, (_, index) => `10.202.${first + index}.2`),
      onServerCreated: async (server, userData, keys) => {
        const address = server.public_net.ipv4?.ip ?? "";
        machines.set(server.name, boot(server.name, address, userData, keys));
        await machineOf(server.name);
      },
      onServerDeleted: async ({ name }) => {
        await (await machineOf(name)).remove();
        machines.delete(name);
      },
      onServerPower: async ({ name }, on) => {
        const machine = await machineOf(name);
        await (on ? machine.powerOn() : machine.powerOff());
      },
      onVolumeAttached: async ({ id }, { name }) => {
        const volume = volumes.get(id) ?? DataVolume.create(VOLUME_MB);
        volumes.set(id, volume);
        await (await machineOf(name)).attachVolume(await volume);
      },
      onVolumeDetached: async ({ id }, { name }) => {
        const volume = await volumes.get(id);
        // Deleted with its server, it is detached already.
        if (volume !== undefined && machines.has(name)) await (await machineOf(name)).detachVolume(volume);
      },
    });
    const cloudflare = await startCloudflare({ zones: ["example.com"] });
    return new TestClouds(folder, { hetzner, cloudflare }, machines, volumes);
  }

  machine(name: string): Promise<CloudServer> {
    return this.machines.get(name) ?? Promise.reject(new Error(`there is no machine behind ${name}`));
  }

  /** Every request to either cloud, without the headers. */
  received(): string {
    return [...this.hetzner.requests, ...this.cloudflare.requests]
      .map(({ method, path, body }) => `${method} ${path} ${body}`)
      .join("\n");
  }

  async close(): Promise<void> {
    await this.hetzner.close();
    await this.cloudflare.close();
    for (const machine of this.machines.values()) await machine.then((each) => each.remove()).catch(() => {});
    for (const volume of this.#volumes.values()) await volume.then((each) => each.remove()).catch(() => {});
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
