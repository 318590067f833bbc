import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker, TestFleet } from "../support/e2e-fleet.ts";
import { GatewayConnection } from "../support/e2e-gateway.ts";
import { ask } from "../support/e2e-http.ts";
import { identityOf } from "../support/objects.ts";

const STARTED = JSON.stringify({ ok: true, status: "started" });

let fleet: TestFleet;
let authority: string;

beforeAll(async () => {
  fleet = await TestFleet.open("e2e-front", 30);
  await fleet.up({ alice: {}, bob: {} });
  authority = await fleet.run("ca");
});

afterAll(() => fleet.remove());

describe("the front door", () => {
  it.each(["alice", "bob"])("serves %s over TLS that its own authority vouches for", async (agent) => {
    expect(await ask(`${fleet.url(agent)}/startupz`, authority)).toMatchObject({ status: 200, body: STARTED });
  });

  it("is trusted by nobody who was not given its authority", async () => {
    await expect(ask(`${fleet.url("alice")}/startupz`)).rejects.toThrow(/certificate/);
  });

  it("says with a page that it knows no agent of a name", async () => {
    const { status, headers, body } = await ask(`${fleet.url("nobody")}/startupz`, authority);
    expect({ status, type: headers["content-type"] }).toEqual({ status: 404, type: "text/html; charset=utf-8" });
    expect(body).toContain("<h1>No such agent</h1>");
  });

  it("serves each agent on its own loopback port as well", async () => {
    const agents = await fleet.agents();
    for (const [name, { loopbackPort }] of Object.entries(agents)) {
      expect(await ask(`http://127.0.0.1:${loopbackPort}/startupz`), name).toMatchObject({ body: STARTED });
    }
    // The two are different gateways: each one's page carries its own public name, which is what sets them apart here.
    expect(Object.keys(agents)).toEqual(["alice", "bob"]);
  });
});

describe("changing a fleet", () => {
  /** What must not be touched by anything that happens to other agents. */
  const bystanders = async (): Promise<object> => ({
    alice: await identityOf(fleet.objectOf("alice")),
    frontDoor: await identityOf(fleet.frontDoor.container),
    backDoor: await identityOf(fleet.backDoor.container),
  });
  const changedBob = { model: "anthropic/claude-opus-4-6", egress: ["docs.example.com"] };
  let before: object;
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

  it("is previewed as the new agent's own resources and the two doors' new configuration", async () => {
    const changes = await fleet.preview({ alice: {}, bob: {}, carol: {} });
    const shown = changes.map(({ op, name }) => `${op} ${name}`).toSorted();
    expect(shown).toEqual([
      "create carol",
      "create carol",
      "create carol-data",
      "create carol-gateway",
      "create carol-network",
      "create carol-slot",
      "create carol-token",
      "replace local-back-door-config",
      "replace local-front-door-config",
    ]);
  });

  it("keeps another agent's WebSocket open when an agent is added", async () => {
    await fleet.up({ alice: {}, bob: {}, carol: {} });
    expect(await ask(`${fleet.url("carol")}/startupz`, authority)).toMatchObject({ body: STARTED });
    await expectUndisturbed();
  });

  it("keeps it open when an agent gets another model and other names to reach", async () => {
    const old = await identityOf(fleet.objectOf("bob"));
    await fleet.up({ alice: {}, bob: changedBob, carol: {} });
    expect(await identityOf(fleet.objectOf("bob"))).not.toEqual(old);
    expect(await ask(`${fleet.url("bob")}/startupz`, authority)).toMatchObject({ body: STARTED });
    await expectUndisturbed();
  });

  it("keeps it open when an agent is switched off, whose place then has a page and whose data stays", async () => {
    await fleet.up({ alice: {}, bob: { ...changedBob, enabled: false }, carol: {} });
    const { status, headers, body } = await ask(fleet.url("bob"), authority);
    expect({ status, retry: headers["retry-after"] }).toEqual({ status: 503, retry: "10" });
    expect(body).toContain("<h1>This agent is switched off</h1>");
    expect(await docker("ps", "--all", "--quiet", "--filter", `name=^${fleet.objectOf("bob")}$`)).toBe("");
    expect(await docker("volume", "inspect", "--format", "{{.Name}}", fleet.objectOf("bob"))).toBe(
      fleet.objectOf("bob"),
    );
    await expectUndisturbed();
  });

  it("keeps it open when an agent is removed, whose name is then unknown and whose data stays", async () => {
    await fleet.up({ alice: {}, carol: {} });
    expect(await ask(fleet.url("bob"), authority)).toMatchObject({ status: 404 });
    expect(await docker("volume", "inspect", "--format", "{{.Name}}", fleet.objectOf("bob"))).toBe(
      fleet.objectOf("bob"),
    );
    await expectUndisturbed();
  });

  it("deletes a removed agent's data when it is told to", async () => {
    await fleet.run("purge", "bob", "--yes");
    await expect(docker("volume", "inspect", fleet.objectOf("bob"))).rejects.toThrow(/no such volume/i);
  });

  it("has kept one connection open all that time", () => {
    expect(connection.ended).toBeUndefined();
    expect(connection.events.filter((event) => event === "connect.challenge")).toHaveLength(1);
    // The gateway's heartbeat, every 15 seconds: the connection was not merely forgotten by both ends.
    expect(connection.events.filter((event) => event === "tick").length).toBeGreaterThan(2);
  });

  it("has a page for an agent whose container was stopped behind its back", async () => {
    await docker("stop", fleet.objectOf("carol"));
    const { status, body } = await ask(fleet.url("carol"), authority);
    expect(status).toBe(503);
    expect(body).toContain("<h1>This agent is not answering</h1>");
  });
});
