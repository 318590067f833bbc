import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GatewayConnection } from "../support/gateway/connection.ts";
import { type Answer, ask } from "../support/gateway/http.ts";
import { identityOf } from "../support/hosts/objects.ts";
import { type Agent, docker, TestFleet } from "../support/project/test-fleet.ts";

const STARTED = { status: 200, body: JSON.stringify({ ok: true, status: "started" }) };
/** Takes the gateway's own token. */
const SETTINGS = "/control-ui-config.json";

let fleet: TestFleet;
let authority: string;

beforeAll(async () => {
  fleet = await TestFleet.open("e2e-ingress", 30);
  await fleet.up({ alice: {}, bob: {} });
  authority = await fleet.run("ca");
});

afterAll(() => fleet.remove());

/** Over TLS, trusting the ingress's own authority and no other. */
const askAgent = (agent: string, path = "/startupz", token?: string): Promise<Answer> =>
  ask(`${fleet.url(agent)}${path}`, { authority, ...(token === undefined ? {} : { token }) });

describe("the ingress", () => {
  it("serves every agent over TLS with a certificate of its own authority", async () => {
    expect(await askAgent("alice")).toMatchObject(STARTED);
    expect(await askAgent("bob")).toMatchObject(STARTED);
  });

  it("is not trusted by a client that does not have its authority", async () => {
    await expect(ask(`${fleet.url("alice")}/startupz`)).rejects.toThrow(/certificate/);
  });

  it("serves every agent on its own loopback port as well", async () => {
    const { alice, bob } = (await fleet.agents()) as { alice: Agent; bob: Agent };
    expect(await ask(`http://127.0.0.1:${alice.loopbackPort}/startupz`)).toMatchObject(STARTED);
    expect(await ask(`http://127.0.0.1:${bob.loopbackPort}/startupz`)).toMatchObject(STARTED);
  });

  it("connects a name and a port to their gateway, which accepts its own token and no other agent's", async () => {
    const agents = await fleet.agents();
    const found: Record<string, number> = {};
    for (const [name, { loopbackPort }] of Object.entries(agents)) {
      for (const [owner, { token }] of Object.entries(agents)) {
        found[`${name}, token of ${owner}`] = (await askAgent(name, SETTINGS, token)).status;
        const loopback = await ask(`http://127.0.0.1:${loopbackPort}${SETTINGS}`, { token });
        found[`port of ${name}, token of ${owner}`] = loopback.status;
      }
    }
    expect(found).toEqual({
      "alice, token of alice": 200,
      "alice, token of bob": 401,
      "bob, token of alice": 401,
      "bob, token of bob": 200,
      "port of alice, token of alice": 200,
      "port of alice, token of bob": 401,
      "port of bob, token of alice": 401,
      "port of bob, token of bob": 200,
    });
  });

  it("serves a page for a name that does not belong to an agent", async () => {
    const { status, headers, body } = await askAgent("unknown");
    expect({ status, type: headers["content-type"] }).toEqual({
      status: 404,
      type: "text/html; charset=utf-8",
    });
    expect(body).toContain("<h1>No such agent</h1>");
  });
});

describe("changing one agent of a fleet", () => {
  /** What a change of another agent must not touch. */
  const bystanders = async (): Promise<object> => ({
    alice: await identityOf(fleet.objectOf("alice")),
    ingress: await identityOf(fleet.ingress.container),
    egressProxy: await identityOf(fleet.egressProxy.container),
  });
  const volumesOf = (agent: string): Promise<string> =>
    docker("volume", "ls", "--quiet", "--filter", `name=^${fleet.objectOf(agent)}$`);
  const changedBob = { model: "anthropic/claude-opus-4-6", egress: ["docs.example.com"] };
  let before: object;
  /** Held open by an operator of alice throughout. */
  let connection: GatewayConnection;

  beforeAll(async () => {
    before = await bystanders();
    connection = await GatewayConnection.open(await fleet.run("login", "alice"), authority);
  });

  afterAll(() => connection?.close());

  const expectUndisturbed = async (): Promise<void> => {
    expect(await connection.isAlive()).toBe(true);
    expect(await bystanders()).toEqual(before);
  };

  it("is previewed as that agent's own resources and the services' new configuration, and nothing else", async () => {
    const changes = await fleet.preview({ alice: {}, bob: {}, carol: {} });
    expect(
      changes.map(({ op, type, name }) => `${op} ${type.split(/[:/]/).at(-1)} ${name}`).toSorted(),
    ).toEqual([
      "create Container carol-gateway",
      "create IsolatedAgent carol",
      "create Network carol-network",
      "create RandomBytes carol-token",
      "create Stash carol-slot",
      "create TenantRoute carol",
      "create Volume carol-data",
      "replace Container local-egress-proxy-config",
      "replace Container local-ingress-config",
    ]);
  });

  it("leaves the others' WebSockets open when it is added", async () => {
    await fleet.up({ alice: {}, bob: {}, carol: {} });
    expect(await askAgent("carol")).toMatchObject(STARTED);
    await expectUndisturbed();
  });

  it("leaves them open when its model and its allowlist change", async () => {
    const old = await identityOf(fleet.objectOf("bob"));
    await fleet.up({ alice: {}, bob: changedBob, carol: {} });
    expect(await identityOf(fleet.objectOf("bob"))).not.toEqual(old);
    expect(await askAgent("bob")).toMatchObject(STARTED);
    await expectUndisturbed();
  });

  it("leaves them open when it is disabled, which serves a page instead and keeps its data", async () => {
    await fleet.up({ alice: {}, bob: { ...changedBob, enabled: false }, carol: {} });
    const { status, headers, body } = await askAgent("bob");
    expect({ status, retry: headers["retry-after"] }).toEqual({ status: 503, retry: "10" });
    expect(body).toContain("<h1>This agent is switched off</h1>");
    expect(await docker("ps", "--all", "--quiet", "--filter", `name=^${fleet.objectOf("bob")}$`)).toBe("");
    expect(await volumesOf("bob")).toBe(fleet.objectOf("bob"));
    await expectUndisturbed();
  });

  it("leaves them open when it is removed, which keeps its data", async () => {
    await fleet.up({ alice: {}, carol: {} });
    expect((await askAgent("bob")).status).toBe(404);
    expect(await volumesOf("bob")).toBe(fleet.objectOf("bob"));
    await expectUndisturbed();
  });

  it("deletes a removed agent's data only on `purge`", async () => {
    await fleet.run("purge", "bob", "--yes");
    expect(await volumesOf("bob")).toBe("");
    expect(await volumesOf("alice")).toBe(fleet.objectOf("alice"));
  });

  it("has kept the same connection open throughout", async () => {
    expect(await connection.isAlive()).toBe(true);
    expect(connection.events.filter((event) => event === "connect.challenge")).toHaveLength(1);
  });

  it("serves a page for an agent whose container was stopped by hand", async () => {
    await docker("stop", fleet.objectOf("carol"));
    const { status, body } = await askAgent("carol");
    expect(status).toBe(503);
    expect(body).toContain("<h1>This agent is not answering</h1>");
  });
});
