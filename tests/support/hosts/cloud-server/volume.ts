/** A provider's volume on this machine: a file behind a loop device, formatted as by the provider. */
import { randomInt } from "node:crypto";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { run } from "../../../../system/run.ts";

export class DataVolume {
  readonly id: number;
  /** Among a server's disks. */
  readonly name: string;
  /** Its node in /dev: loop7. */
  readonly node: string;
  /** The node's major and minor number. */
  readonly numbers: readonly [string, string];
  readonly #file: string;

  private constructor(id: number, file: string, device: string) {
    this.id = id;
    this.name = `scsi-0HC_Volume_${id}`;
    this.node = basename(device);
    const [major = "", minor = ""] = readFileSync(`/sys/block/${this.node}/dev`, "utf8").trim().split(":");
    this.numbers = [major, minor];
    this.#file = file;
  }

  static async create(sizeMb: number): Promise<DataVolume> {
    const id = randomInt(10_000_000, 100_000_000);
    const file = join(tmpdir(), `agent-fleet-volume-${id}`);
    writeFileSync(file, "");
    truncateSync(file, sizeMb * 1024 * 1024);
    await run("mkfs.ext4", ["-q", file]);
    return new DataVolume(id, file, await run("losetup", ["--find", "--show", file]));
  }

  /** Makes it larger, as the provider does: the file system on it does not grow by itself. */
  async resize(sizeMb: number): Promise<void> {
    truncateSync(this.#file, sizeMb * 1024 * 1024);
    await run("losetup", ["--set-capacity", `/dev/${this.node}`]);
  }

  async remove(): Promise<void> {
    await run("losetup", ["--detach", `/dev/${this.node}`]).catch(() => "");
    rmSync(this.#file, { force: true });
  }
}
