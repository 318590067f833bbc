import { connect } from "docker-connection";
import { afterEach, expect, it } from "vitest";
import { deliverImages } from "../../images/deliver.ts";
import { gatewayImage } from "../../images/image.ts";
import { type FakeDaemon, startDaemon } from "../support/docker-daemon.ts";

const NAMES = ["gateway:1.0", "caddy:1.0", "squid:1.0"];
const IMAGES = NAMES.map(gatewayImage);

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.close();
});

/** A daemon with these images that reaches no registry. */
async function daemonWith(present: readonly string[]) {
  const daemon = await startDaemon(({ method, path }) => {
    if (path === "/_ping") return {};
    if (path === "/images/load") return { events: [{ stream: "Loaded" }] };
    if (method === "POST") return { status: 500, body: { message: "no such host" } };
    const [, name = "", what] = /^\/images\/(.*)\/(json|get)$/.exec(path) ?? [];
    return present.includes(name)
      ? { body: what === "get" ? `archive of ${name}` : { Id: name } }
      : undefined;
  });
  daemons.push(daemon);
  return { docker: connect({ address: daemon.address }), daemon };
}

it("copies the images that another machine cannot pull, and only those", async () => {
  const local = await daemonWith(NAMES);
  const remote = await daemonWith(["gateway:1.0"]);
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  await deliverImages(IMAGES, { log, docker: remote.docker, host: "berlin", local: local.docker });
  const loads = remote.daemon.requests.filter(({ path }) => path === "/images/load");
  expect(loads.map(({ body }) => body)).toEqual(['"archive of caddy:1.0"', '"archive of squid:1.0"']);
  expect(lines).toEqual(["Copying caddy:1.0, squid:1.0 to berlin"]);
});

it("says that images cannot be copied without a daemon on this machine", async () => {
  const { docker } = await daemonWith([]);
  const local = connect({ address: "unix:///nowhere/docker.sock" });
  await expect(
    deliverImages(IMAGES, { log: () => undefined, docker, host: "berlin", local }),
  ).rejects.toThrow(/no registry responds to it, and the images cannot be copied, because .*ENOENT/);
});
