/** A port conflict of a host service is found before anything is created, and two processes never share a port. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureTestImages, STAND_IN } from "../support/gateway/stand-in.ts";
import { objectsOf } from "../support/hosts/objects.ts";
import { docker, TestFleet } from "../support/project/test-fleet.ts";

const STACK = "e2e-ports";
const OTHER_STACK = "e2e-ports-other";
const AGENTS = { alice: {} };

let fleet: TestFleet;
let other: TestFleet;

beforeAll(async () => {
  await ensureTestImages();
  fleet = await TestFleet.open(STACK, 38, { image: STAND_IN });
  other = await TestFleet.open(OTHER_STACK, 39, { image: STAND_IN });
});

afterAll(async () => {
  await fleet?.remove();
  await other?.remove();
});

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, "close");
}

describe("a port that a service needs", () => {
  it("is refused by setting, address and holder before anything is created", async () => {
    const servers = [await listen(fleet.ingress.port), await listen(fleet.egressProxy.port)];
    fleet.configure(AGENTS);
    const { code, stderr } = await fleet.tryRun("up", "--yes");
    await Promise.all(servers.map(close));
    expect(code).toBe(1);
    expect(stderr).toContain(`ingress.port = ${fleet.ingress.port}`);
    expect(stderr).toContain(`egressProxy.port = ${fleet.egressProxy.port}`);
    expect(stderr).toContain(
      `(process ${process.pid}) listens on 127.0.0.1:${fleet.ingress.port} of host local already`,
    );
    expect(stderr).not.toContain("    at ");
    expect(await objectsOf(STACK)).toEqual({ containers: [], networks: [], volumes: [] });
  });

  it("may not be another fleet's", async () => {
    await fleet.up(AGENTS);
    const before = await objectsOf(STACK);
    other.change({
      ingress: { listen: ["127.0.0.1"], port: fleet.ingress.port, loopbackClient: "192.0.2.1" },
    });
    other.configure(AGENTS);
    const { code, stderr } = await other.tryRun("up", "--yes");
    const holder = fleet.ingress.container.replaceAll(".", "\\.");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `ingress\\.port = ${fleet.ingress.port}\\n.*caddy \\(process \\d+\\) in container ${holder} listens on`,
      ),
    );
    expect(await objectsOf(OTHER_STACK)).toEqual({ containers: [], networks: [], volumes: [] });
    expect(await objectsOf(STACK)).toEqual(before);
  });

  it("is not shared with a process that took it while the service was down", async () => {
    await docker("stop", "--time", "1", fleet.ingress.container);
    const server = await listen(fleet.ingress.port);
    await docker("start", fleet.ingress.container);
    await vi.waitFor(
      async () => {
        const { code, stdout, stderr } = await fleet.tryRun("probe");
        expect(code).toBe(1);
        expect(`${stdout}${stderr}`).toContain(
          `port ${fleet.ingress.port} (ingress.port) is taken by another process of this host`,
        );
      },
      { timeout: 60_000, interval: 500 },
    );
    await close(server);
    await fleet.up(AGENTS);
    expect((await fleet.tryRun("probe")).code).toBe(0);
  });
});
