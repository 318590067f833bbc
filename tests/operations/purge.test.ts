import { connect } from "docker-connection";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LABELS } from "../../fleet/names.ts";
import { isOwnVolume, purge } from "../../operations/purge.ts";
import { type FakeDaemon, startDaemon } from "../support/docker-daemon.ts";
import { agentOutput, fakeEngine, hostOutput, outputsOf, stackWith } from "../support/outputs.ts";

const OWN = { [LABELS.stack]: "test", [LABELS.agent]: "alice" };

describe("isOwnVolume", () => {
  it.each([
    ["all labels", OWN, true],
    ["another stack's", { ...OWN, [LABELS.stack]: "prod" }, false],
    ["another agent's", { ...OWN, [LABELS.agent]: "bob" }, false],
    ["no label of the agent", { [LABELS.stack]: "test" }, false],
    ["no labels", {}, false],
    ["null, as Docker gives for none", null, false],
  ])("%s: %s", (_, labels, expected) => {
    expect(isOwnVolume(labels, { stack: "test", agent: "alice" })).toBe(expected);
  });
});

describe("purge", () => {
  let daemon: FakeDaemon;
  afterEach(() => daemon.close());

  const PATH = "/volumes/fleet.test.alice";
  /** A fleet on a daemon that has the volume with these labels. */
  async function fleetWith(labels: object | undefined, agents: object = {}) {
    daemon = await startDaemon(({ method, path }) => {
      if (path !== PATH || labels === undefined) return undefined;
      return method === "DELETE" ? { status: 204 } : { body: { Name: "fleet.test.alice", Labels: labels } };
    });
    const hosts = { local: { kind: "docker", address: daemon.address } };
    return stackWith({ domain: "agents.example.com", hosts, agents });
  }
  const removals = (): number => daemon.requests.filter(({ method }) => method === "DELETE").length;
  const ports = (engine = fakeEngine(undefined)) => ({
    engine,
    connect,
    confirm: vi.fn(() => Promise.resolve()),
    print: vi.fn<(line: string) => void>(),
  });

  it("deletes the volume of a removed agent, after confirmation", async () => {
    const given = ports();
    await purge(await fleetWith(OWN), ["alice"], given);
    expect(removals()).toBe(1);
    expect(given.confirm).toHaveBeenCalledWith("Permanently delete all data of alice on local?");
    expect(given.print).toHaveBeenCalledWith("alice: deleted volume fleet.test.alice on local.");
  });

  it("does not delete the volume of an agent that the stack file lists, deployed or not", async () => {
    const given = ports();
    await expect(purge(await fleetWith(OWN, { alice: {} }), ["alice"], given)).rejects.toThrow(
      "Agent alice is still in the fleet. Remove its entry and run: npm run up",
    );
    expect(given.confirm).not.toHaveBeenCalled();
    expect(removals()).toBe(0);
  });

  it("does not delete a volume without this fleet's labels, and does not even ask", async () => {
    const given = ports();
    await expect(purge(await fleetWith({ other: "1" }), ["alice"], given)).rejects.toThrow(
      "Volume fleet.test.alice on local does not have this fleet's labels; nothing was deleted.",
    );
    expect(given.confirm).not.toHaveBeenCalled();
    expect(removals()).toBe(0);
  });

  it("deletes nothing without the operator's agreement", async () => {
    const given = { ...ports(), confirm: () => Promise.reject(new Error("no")) };
    await expect(purge(await fleetWith(OWN), ["alice"], given)).rejects.toThrow("no");
    expect(removals()).toBe(0);
  });

  it("refuses an agent that is still in the fleet", async () => {
    const outputs = outputsOf({ alice: agentOutput() }, { local: hostOutput() });
    await expect(purge(await fleetWith(OWN), ["alice"], ports(fakeEngine(outputs)))).rejects.toThrow(
      "Agent alice is still in the fleet. Remove its entry and run: npm run up",
    );
    expect(daemon.requests).toEqual([]);
  });

  it("says that there is nothing to delete", async () => {
    const given = ports();
    await purge(await fleetWith(undefined), ["alice"], given);
    expect(given.print).toHaveBeenCalledWith("There is no data of alice on local.");
  });

  it("names the host whose daemon does not respond", async () => {
    const project = await fleetWith(OWN);
    await daemon.close();
    await expect(purge(project, ["alice"], ports())).rejects.toThrow(/^Docker on host local \(unix:.*ENOENT/);
  });
});

describe("purge of several", () => {
  let daemon: FakeDaemon;
  afterEach(() => daemon.close());

  const volume = (agent: string) => ({
    Name: `fleet.test.${agent}`,
    Labels: { [LABELS.stack]: "test", [LABELS.agent]: agent },
  });
  async function run(
    agents: readonly string[] | "left",
    volumes: readonly object[] = ["bob", "carol", "alice"].map(volume),
  ) {
    daemon = await startDaemon(({ method, path }) => {
      if (path === "/volumes") return { body: { Volumes: volumes } };
      if (method === "DELETE") return { status: 204 };
      const agent = /^\/volumes\/fleet\.test\.(.+)$/.exec(path)?.[1];
      return agent === undefined || agent === "nobody" ? undefined : { body: volume(agent) };
    });
    const hosts = { local: { kind: "docker", address: daemon.address } };
    const project = stackWith({ domain: "agents.example.com", hosts, agents: { alice: {} } });
    const confirm = vi.fn((_question: string) => Promise.resolve());
    const print = vi.fn<(line: string) => void>();
    await purge(project, agents, { engine: fakeEngine(undefined), connect, confirm, print });
    const removed = daemon.requests.filter(({ method }) => method === "DELETE").map(({ path }) => path);
    return { questions: confirm.mock.calls.flat(), printed: print.mock.calls.flat(), removed };
  }

  it("asks once, and says who has none", async () => {
    const { questions, printed, removed } = await run(["bob", "nobody", "carol"]);
    expect(questions).toEqual(["Permanently delete all data of bob on local; carol on local?"]);
    expect(removed).toEqual(["/volumes/fleet.test.bob", "/volumes/fleet.test.carol"]);
    expect(printed).toContain("There is no data of nobody on local.");
  });

  it("takes all that are left, and none that has an entry", async () => {
    const { removed } = await run("left");
    expect(removed).toEqual(["/volumes/fleet.test.bob", "/volumes/fleet.test.carol"]);
    expect(daemon.requests[0]?.query.get("filters")).toBe(
      JSON.stringify({ label: ["agent-fleet.stack=test", "agent-fleet.agent"] }),
    );
  });

  it("asks nothing where nothing is left", async () => {
    const { questions, printed } = await run("left", [volume("alice")]);
    expect(questions).toEqual([]);
    expect(printed).toEqual(["There is no data of removed agents."]);
  });
});
