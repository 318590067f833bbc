import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { fleetStatus } from "../../../operations/status/status.ts";
import { type DockerAnswer, type FakeDaemon, never, startDaemon } from "../../support/docker-daemon.ts";
import { stackWith } from "../../support/outputs.ts";

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.close();
});

/** For what answers, however busy the machine is. */
const FOR_EVER = { hostMs: 60_000, pingMs: 60_000, partMs: 60_000 };
const PATIENCE = { hostMs: 1_000, pingMs: 100, partMs: 50 };
const ANSWERS: Readonly<Record<string, DockerAnswer>> = {
  "/_ping": {},
  "/info": { body: { ID: "D1", NCPU: 2, MemTotal: 4096, ServerVersion: "28.2.2" } },
  "/containers/json": { body: [] },
  "/networks": { body: [] },
  "/volumes": { body: { Volumes: [] } },
  "/system/df": { body: { Volumes: [] } },
};

/** An empty host. @param silent paths that it does not answer */
async function host(silent: (path: string) => boolean = () => false) {
  const daemon = await startDaemon(({ path }) => (silent(path) ? never() : ANSWERS[path]));
  daemons.push(daemon);
  return { kind: "docker", address: daemon.address };
}

const statusOf = (hosts: object, agents: object = {}, patience = PATIENCE) =>
  fleetStatus(stackWith({ domain: "agents.example.com", hosts, agents }), { log: () => {}, patience });

describe("the state of a fleet", () => {
  it("changes nothing", async () => {
    await statusOf({ one: await host() }, { alice: {} }, FOR_EVER);
    const [daemon] = daemons;
    const asked = daemon?.requests.filter(({ method, path }) => method !== "GET" && !path.endsWith("/exec"));
    expect(daemon?.requests.map(({ path }) => path)).toContain("/system/df");
    expect(asked).toEqual([]);
  });

  it("is that of a fleet that was never deployed", async () => {
    const { well, agents, hosts } = await statusOf({ one: await host() }, { alice: {} });
    expect(well).toBe(false);
    expect(agents).toMatchObject([{ name: "alice", state: "not deployed", host: "one" }]);
    expect(hosts).toMatchObject([
      { name: "one", problem: null, docker: "28.2.2", cpus: 2, memory: { total: 4096, available: null } },
    ]);
  });

  it("names each host that does not answer, and shows the others", async () => {
    const { hosts, well } = await statusOf({
      gone: { kind: "docker", address: "unix:///nowhere/docker.sock" },
      silent: await host(() => true),
      slow: await host((path) => path === "/networks"),
      well: await host(),
    });
    expect(well).toBe(false);
    expect(hosts.map(({ name, problem }) => [name, problem])).toEqual([
      ["gone", expect.stringContaining("ENOENT")],
      ["silent", "no answer within 0.1 s"],
      ["slow", "no answer within 1 s"],
      ["well", null],
    ]);
  });

  it("shows nothing of another daemon than the fleet's", async () => {
    const one = await host();
    const { hosts, well } = await statusOf({ one: { ...one, daemon: "D0" } }, { alice: {} }, FOR_EVER);
    expect(well).toBe(false);
    expect(hosts).toMatchObject([
      {
        problem: `the Docker daemon at ${one.address} has the id D1, and this host must be another one, D0`,
        docker: null,
      },
    ]);
    expect((await statusOf({ one: { ...one, daemon: "D1" } }, {}, FOR_EVER)).hosts[0]?.problem).toBeNull();
  });

  it("keeps nothing waiting for a host that was given up", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const server = createServer(({ url = "" }, response) => {
      const answer = ANSWERS[url.replace(/[?].*/, "")];
      if (url !== "/networks") response.end(JSON.stringify(answer?.body ?? {}));
      else response.on("close", resolve);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const { hosts } = await statusOf({ one: { kind: "docker", address: `tcp://127.0.0.1:${port}` } });
    expect(hosts[0]?.problem).toBe("no answer within 1 s");
    await closed;
    server.closeAllConnections();
    server.close();
  });

  it("does without what Docker does not say in time", async () => {
    const { hosts } = await statusOf({
      one: await host((path) => path === "/system/df" || path.endsWith("/exec")),
    });
    expect(hosts).toMatchObject([
      {
        problem: null,
        disk: { total: null },
        services: [
          { name: "ingress", state: "fails" },
          { name: "egress proxy", state: "fails" },
        ],
      },
    ]);
  });

  it("needs the state", async () => {
    const project = {
      ...stackWith({ domain: "a.example.com", hosts: { one: { kind: "docker" } }, agents: {} }),
      backendUrl: "s3://x",
    };
    await expect(fleetStatus(project, { log: () => {} })).rejects.toThrow(
      "pulumi stack export --stack test --file state.json, then --state state.json",
    );
  });
});
