import { connect } from "docker-connection";
import { afterEach, describe, expect, it } from "vitest";
import { archiveOf } from "../../engine/providers/docker/tar.ts";
import { brokenServices, serviceStates } from "../../operations/service-states.ts";
import { type FakeDaemon, startDaemon } from "../support/docker-daemon.ts";
import { parseFleet } from "../support/parse-fleet.ts";

const { settings } = parseFleet({
  domain: "agents.example.com",
  hosts: { one: { kind: "docker" } },
  agents: {},
});

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.close();
});

/** A daemon whose containers run a command with these exit codes; others do not exist. */
async function daemonWith(exitCodes: Readonly<Record<string, number>>) {
  const daemon = await startDaemon(({ path }) => {
    const container = /^\/containers\/(.*)\/exec$/.exec(path)?.[1];
    if (container !== undefined) {
      return container in exitCodes ? { status: 201, body: { Id: container } } : undefined;
    }
    const [, exec = "", what] = /^\/exec\/(.*)\/(start|json)$/.exec(path) ?? [];
    return what === "json" ? { body: { ExitCode: exitCodes[exec] } } : { events: [] };
  });
  daemons.push(daemon);
  const { address } = daemon;
  return { daemon, connection: ["one", { address, sshOptions: [] }] as const };
}

describe("the services of a host", () => {
  it("are each asked in their own container", async () => {
    const { connection, daemon } = await daemonWith({
      "fleet.test.host_ingress": 0,
      "fleet.test.host_egress_proxy": 1,
    });
    const states = await serviceStates("test", settings, [connection], connect);
    expect(states).toEqual([
      { host: "one", service: "ingress", state: "works", reason: "" },
      { host: "one", service: "egress proxy", state: "fails", reason: expect.stringContaining("code 1") },
    ]);
    expect(daemon.requests.map(({ body }) => body).join()).toContain("/dev/tcp/");
    expect(brokenServices(states).map(({ service }) => service)).toEqual(["egress proxy"]);
  });

  it.each([
    ["restarting", "it keeps exiting: port 443 is taken"],
    ["exited", "it is exited: port 443 is taken"],
    // One that runs says itself what fails; its log is about other things.
    ["running", "sh in the container exited with code 1"],
  ])("say why they fail: %s", async (status, reason) => {
    const frame = (text: string): Buffer => {
      const head = Buffer.alloc(8);
      head[0] = 1;
      head.writeUInt32BE(text.length, 4);
      return Buffer.concat([head, Buffer.from(text)]);
    };
    const daemon = await startDaemon(({ path }) => {
      if (path.endsWith("/exec")) return { status: 201, body: { Id: "exec" } };
      if (path === "/exec/exec/start") return { events: [] };
      if (path === "/exec/exec/json") return { body: { ExitCode: 1 } };
      if (path.endsWith("/logs")) return { raw: frame("port 443 is taken\n") };
      return path.endsWith("/json") ? { body: { State: { Status: status } } } : undefined;
    });
    daemons.push(daemon);
    const connection = ["one", { address: daemon.address, sshOptions: [] }] as const;
    const [ingress] = await serviceStates("test", settings, [connection], connect);
    expect(ingress?.reason).toContain(reason);
  });

  it.each([
    ["the same", "works", ""],
    ["another", "fails", "its configuration is not the one that it was given"],
  ])("fail with another configuration than they were given: %s", async (own, state, reason) => {
    const daemon = await startDaemon(async ({ path, query }) => {
      if (path.endsWith("/exec")) return { status: 201, body: { Id: "exec" } };
      if (path === "/exec/exec/start") return { events: [] };
      if (path === "/exec/exec/json") return { body: { ExitCode: 0 } };
      const file = query.get("path") ?? "";
      if (path === "/containers/fleet.test.host_ingress_config/archive" && file === "/config/caddy.json")
        return { raw: await archiveOf({ file, content: "the same" }) };
      if (path === "/containers/fleet.test.host_ingress/archive" && file === "/service/caddy.json")
        return { raw: await archiveOf({ file, content: own }) };
      return { status: 404, body: {} };
    });
    daemons.push(daemon);
    const connection = ["one", { address: daemon.address, sshOptions: [] }] as const;
    const [ingress] = await serviceStates("test", settings, [connection], connect);
    expect(ingress).toEqual({ host: "one", service: "ingress", state, reason });
  });

  it("are broken if only some of them exist", async () => {
    const { connection } = await daemonWith({ "fleet.test.host_ingress": 0 });
    const broken = brokenServices(await serviceStates("test", settings, [connection], connect));
    expect(broken).toMatchObject([{ service: "egress proxy", state: "missing" }]);
  });

  it("are not broken on a host without any, which was not deployed yet", async () => {
    const { connection } = await daemonWith({});
    const states = await serviceStates("test", settings, [connection], connect);
    expect(states.map(({ state }) => state)).toEqual(["missing", "missing"]);
    expect(brokenServices(states)).toEqual([]);
  });
});
