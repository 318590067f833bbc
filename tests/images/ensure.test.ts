import { connect } from "docker-connection";
import { afterEach, describe, expect, it } from "vitest";
import { ensureImages, missingImages } from "../../images/ensure.ts";
import { gatewayImage } from "../../images/image.ts";
import { type DockerRequest, type FakeDaemon, startDaemon } from "../support/docker-daemon.ts";

const NAMES = ["gateway:1.0", "caddy:1.0", "squid:1.0"];
const IMAGES = NAMES.map(gatewayImage);

const isPull = ({ method, path }: DockerRequest): boolean => method === "POST" && path === "/images/create";
const UNREACHABLE = { status: 500, body: { message: "dial tcp: lookup registry.example: no such host" } };

describe("images on a daemon", () => {
  let daemon: FakeDaemon;
  afterEach(() => daemon.close());

  /** A daemon with these images, and a registry that answers like this. */
  async function daemonWith(present: readonly string[], pull?: Parameters<typeof startDaemon>[0]) {
    daemon = await startDaemon((request) => {
      if (isPull(request)) return pull?.(request);
      const name = /^\/images\/(.*)\/json$/.exec(request.path)?.[1] ?? "";
      return present.includes(name) ? { body: { Id: name } } : undefined;
    });
    return { log: () => undefined, docker: connect({ address: daemon.address }) };
  }
  const pulled = (): (string | null)[] =>
    daemon.requests.filter(isPull).map(({ query }) => query.get("fromImage"));

  it("are not pulled if they are present", async () => {
    await ensureImages(IMAGES, await daemonWith(NAMES));
    expect(pulled()).toEqual([]);
  });

  it("are pulled if they are absent, and only those", async () => {
    const options = await daemonWith(["gateway:1.0", "squid:1.0"], () => ({
      events: [{ status: "Pulling" }],
    }));
    await ensureImages(IMAGES, options);
    expect(pulled()).toEqual(["caddy:1.0"]);
  });

  it("are missing if no registry responds", async () => {
    const options = await daemonWith(["gateway:1.0"], () => UNREACHABLE);
    expect(await missingImages(IMAGES, options)).toEqual(["caddy:1.0", "squid:1.0"]);
  });

  it("are not built if a registry responds that it does not have them", async () => {
    const options = await daemonWith([], () => ({ status: 404, body: { message: "manifest unknown" } }));
    await expect(ensureImages(IMAGES, options)).rejects.toThrow(/cannot be pulled: .*manifest unknown/);
  });

  it("are not built under a name without a version", async () => {
    const options = await daemonWith([], () => UNREACHABLE);
    await expect(ensureImages([gatewayImage("gateway:latest")], options)).rejects.toThrow(
      "gateway:latest cannot be built",
    );
  });
});
