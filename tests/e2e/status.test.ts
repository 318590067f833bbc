/** `status` says of a fleet on a real Docker daemon that all is well, or what is not. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_CLASSES } from "../../fleet/config/class.ts";
import type { FleetStatus } from "../../report/status/status.ts";
import { ensureTestImages, STAND_IN } from "../support/gateway/stand-in.ts";
import { lane } from "../support/project/project.ts";
import { docker, TestFleet } from "../support/project/test-fleet.ts";

const LANE = 41;
const AGENTS = { alice: { channels: { telegram: {} } }, bob: {}, carol: { enabled: false } };

let fleet: TestFleet;

beforeAll(async () => {
  await ensureTestImages();
  fleet = await TestFleet.open("e2e-status", LANE, { image: STAND_IN });
  await fleet.seal({ "agent-fleet:secrets": JSON.stringify({ alice: { TELEGRAM_BOT_TOKEN: "1:test" } }) });
  await fleet.up(AGENTS);
});

afterAll(() => fleet?.remove());

async function statusOf(): Promise<{ code: number; status: FleetStatus }> {
  const { code, stdout, stderr } = await fleet.tryRun("status", "--json");
  if (stdout === "") throw new Error(stderr);
  return { code, status: JSON.parse(stdout) as FleetStatus };
}

describe("the state of a fleet", () => {
  it("is well where everything runs", async () => {
    // What the gateway keeps of a conversation.
    await fleet.inside(
      "bob",
      "mkdir -p ~/.openclaw/agents/main/agent && touch ~/.openclaw/agents/main/agent/a.sqlite",
    );
    const { code, status } = await statusOf();
    expect(status.problems).toEqual([]);
    expect(code).toBe(0);
    const [host] = status.hosts;
    expect(host).toMatchObject({ name: "local", problem: null });
    expect(host?.services.map(({ name, state }) => [name, state])).toEqual([
      ["ingress", "works"],
      ["egress proxy", "works"],
    ]);
    for (const number of [host?.memory.available, host?.disk.available, host?.swap.total]) {
      expect(number).toEqual(expect.any(Number));
    }
    const [alice, bob, carol] = status.agents;
    expect(alice).toMatchObject({ state: "started", health: "healthy", channels: { telegram: "not known" } });
    expect(alice?.memory.limit).toBe(DEFAULT_CLASSES.light.memoryMb * 1024 ** 2);
    expect(alice?.memory.now).toBeGreaterThan(1024 ** 2);
    expect(alice?.memory.peak).toBeGreaterThanOrEqual(alice?.memory.now ?? Number.NaN);
    expect(alice).toMatchObject({ restarts: 0, oomKills: 0, oomKilled: false, image: STAND_IN, drift: [] });
    expect(alice?.volume.bytes).toEqual(expect.any(Number));
    expect(alice?.cpu.percent).toBeGreaterThanOrEqual(0);
    expect(alice?.lastActivity).toBeNull();
    expect(Date.parse(bob?.lastActivity ?? "")).toBeGreaterThan(Date.parse(bob?.startedAt ?? "") - 1);
    expect(carol).toMatchObject({ state: "switched off", enabled: false });
    expect(await fleet.run("status")).toContain("2 of 2 agents started, 1 switched off, 1 of 1 host answers");
  });

  it("names what does not run, and the hosts that do not answer", async () => {
    const { hosts } = lane(LANE) as { hosts: { local: object } };
    fleet.change({ hosts: { ...hosts, remote: { kind: "docker", address: "tcp://127.0.0.1:9" } } });
    fleet.configure(AGENTS);
    await docker("stop", "--time", "1", fleet.objectOf("alice"));
    await docker("pause", fleet.objectOf("bob"));
    await docker("kill", fleet.egressProxy.container);
    const { code, status } = await statusOf();
    expect(code).toBe(1);
    expect(status.problems.map(({ kind, problem }) => [kind, problem])).toEqual([
      ["service", "local's egress proxy container has exited with code 137"],
      ["host", expect.stringContaining("host remote does not answer: ")],
      ["agent", expect.stringMatching(/^alice is down \(container has exited with code \d+\)$/)],
      ["agent", "bob is paused"],
    ]);
    expect(status.agents.map(({ name, state }) => [name, state])).toEqual([
      ["alice", "down"],
      ["bob", "paused"],
      ["carol", "switched off"],
    ]);
    expect(status.hosts.map(({ name, docker: version }) => [name, version !== null])).toEqual([
      ["local", true],
      ["remote", false],
    ]);
    const text = await fleet.tryRun("status");
    expect(text.code).toBe(1);
    expect(text.stdout).toContain("0 of 2 agents started, 1 switched off, 1 of 2 hosts answers, 4 problems.");
  });

  it("is that of a container that was removed", async () => {
    await docker("rm", "--force", fleet.objectOf("alice"));
    const { status } = await statusOf();
    expect(status.agents[0]).toMatchObject({ state: "gone", drift: ["container is gone"] });
    expect(status.problems.map(({ problem }) => problem)).toContain("alice is gone");
  });
});
