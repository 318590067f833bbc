import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, DEFAULT_ADDRESS } from "docker-connection";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ingress } from "../../fleet/services/ingress/service.ts";
import { STANDARD_IMAGE } from "../../fleet/services/ingress/settings.ts";
import { deliverImages } from "../../images/deliver.ts";
import { ensureImages } from "../../images/ensure.ts";
import { serviceImage } from "../../images/image.ts";
import { becomesTrue } from "../../system/becomes-true.ts";
import { checkHostNetworking, realMachine } from "../../system/host-networking.ts";
import { canCreateHosts } from "../support/hosts/remote-host.ts";

const START_MS = 60_000;
const IMAGES = [serviceImage(STANDARD_IMAGE, ingress.recipe)];
const log = (line: string): void => console.warn(line);

/** What rootless Docker says of itself; the daemons here run as root. */
const rootless = {
  ...realMachine,
  system: async (address: string) => ({
    ...(await realMachine.system(address)),
    SecurityOptions: ["name=rootless"],
  }),
};

const check = (address: string, machine = rootless): Promise<void> =>
  checkHostNetworking({ ingress: { image: STANDARD_IMAGE, listen: ["127.0.0.1"] }, address }, machine);

const containersOf = async (address: string): Promise<number> =>
  (await connect({ address }).listContainers({ all: true, filters: { ancestor: [STANDARD_IMAGE] } })).length;

/** In a network namespace of its own, with its socket as the only way in. */
async function startDaemon(folder: string): Promise<() => Promise<void>> {
  const script = `ip link set lo up; mount --make-rprivate /; mount -t tmpfs tmpfs /run
exec dockerd --data-root "$DIR/docker" --exec-root "$DIR/exec" --pidfile "$DIR/pid" --host "unix://$DIR/docker.sock"`;
  const daemon = spawn("unshare", ["--net", "--mount", "bash", "-c", script], {
    env: { ...process.env, DIR: folder },
    stdio: "ignore",
  });
  const stop = async (): Promise<void> => {
    if (daemon.exitCode !== null) return;
    daemon.kill();
    await once(daemon, "exit");
  };
  const docker = connect({ address: `unix://${folder}/docker.sock` });
  if (
    await becomesTrue(
      () => docker.ping(),
      START_MS,
      () => daemon.exitCode !== null,
    )
  )
    return stop;
  await stop();
  throw new Error("the Docker daemon does not come up");
}

describe.skipIf(!canCreateHosts)("a daemon whose host network is not this machine's", () => {
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-daemon-"));
  const address = `unix://${folder}/docker.sock`;
  let stop = async (): Promise<void> => {};

  beforeAll(async () => {
    await ensureImages(IMAGES, { log });
    stop = await startDaemon(folder);
    await deliverImages(IMAGES, { log, docker: connect({ address }), host: "elsewhere" });
  });

  afterAll(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is refused, and nothing is left there", async () => {
    await expect(check(address)).rejects.toThrow(`${address} has a host network of its own`);
    await expect.poll(() => containersOf(address)).toBe(0);
  });

  it("is told from one whose host network is this machine's", async () => {
    await expect(check(DEFAULT_ADDRESS)).resolves.toBeUndefined();
  });
});
