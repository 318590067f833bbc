import type { ContainerInspectInfo } from "dockerode";
import { describe, expect, it } from "vitest";
import { parseSelfReport } from "../../../openclaw/self-report.ts";
import { agentState, agentStatus } from "../../../operations/status/agents.ts";
import type { Look } from "../../../operations/status/look.ts";
import { agentPlan } from "../../support/docker-plans.ts";

const ON = { enabled: true, isDeployed: true };
const OFF = { enabled: false, isDeployed: true };
const NEW = { enabled: true, isDeployed: false };

describe("the state of an agent", () => {
  it.each([
    ["running and answers", ON, "running", "healthy", "started", "started"],
    ["running and stops", ON, "running", "healthy", "draining", "draining"],
    ["running and does not listen yet", ON, "running", "starting", undefined, "starting"],
    ["running and no longer answers", ON, "running", "healthy", undefined, "down"],
    ["running although it is switched off", OFF, "running", "healthy", "started", "started"],
    ["paused", ON, "paused", "healthy", undefined, "paused"],
    ["restarting", ON, "restarting", "none", undefined, "restarting"],
    ["exited", ON, "exited", "unhealthy", undefined, "down"],
    ["never started", ON, "created", "none", undefined, "down"],
    ["exited and switched off", OFF, "exited", "none", undefined, "switched off"],
    ["being removed", ON, "removing", "none", undefined, "gone"],
  ] as const)("whose container is %s", (_, known, status, health, phase, state) => {
    expect(agentState(known, { status, health }, phase)).toBe(state);
  });

  it.each([
    ["gone", ON],
    ["switched off", OFF],
    ["not deployed", NEW],
  ] as const)("without a container: %s", (state, known) => {
    expect(agentState(known, undefined, undefined)).toBe(state);
  });
});

const plan = agentPlan({ channels: { telegram: {} } });
const KNOWN = { host: "one", isDeployed: true, drift: [] };

const container = {
  Name: `/${plan.object}`,
  RestartCount: 3,
  State: { Status: "running", Running: true, OOMKilled: false, StartedAt: "2026-11-30T10:00:00Z" },
  HostConfig: { Memory: 1024 ** 3 },
  Config: { Image: "openclaw:other" },
} as ContainerInspectInfo;

const lookOf = (report: string): Look => ({
  answers: {
    info: { ID: "D1", NCPU: 2, MemTotal: 1, ServerVersion: "28" },
    containers: [],
    inspected: [container],
    networks: [],
    volumes: [],
  },
  services: [],
  figures: undefined,
  usage: new Map([[plan.object, { memory: 5, peakMemory: null }]]),
  reports: new Map([[plan.object, parseSelfReport(report)]]),
  volumes: new Map([[plan.volume, 7]]),
});

describe("an agent as it was seen", () => {
  it("has what Docker, its control group and its gateway say", () => {
    const report =
      'startup {"status":"started"}\nreadiness {"ready":true,"failing":[]}\npeak 9\nkilled 1\nactive 0.5';
    expect(agentStatus(plan, KNOWN, lookOf(report))).toMatchObject({
      state: "started",
      health: "none",
      channels: { telegram: "no failure" },
      memory: { now: 5, peak: 9, limit: 1024 ** 3 },
      restarts: 3,
      oomKills: 1,
      oomKilled: false,
      volume: { name: plan.volume, bytes: 7 },
      image: "openclaw:other",
      startedAt: "2026-11-30T10:00:00Z",
      lastActivity: "1970-01-01T00:00:00.500Z",
    });
  });

  it("has no time that is none", () => {
    expect(agentStatus(plan, KNOWN, lookOf("active 99999999999999999999")).lastActivity).toBeNull();
  });

  it("is not known where its host does not answer, unless it was never deployed", () => {
    expect(agentStatus(plan, KNOWN, undefined)).toMatchObject({
      state: "not known",
      health: null,
      channels: { telegram: "not known" },
      restarts: null,
      image: plan.image,
    });
    expect(agentStatus(plan, { ...KNOWN, isDeployed: false }, undefined).state).toBe("not deployed");
  });

  it("says what was changed", () => {
    const drift = [
      { agent: "alice", subject: "alice's network", host: "one", kind: "network", problem: "is gone" },
    ] as const;
    expect(agentStatus(plan, { ...KNOWN, drift }, undefined).drift).toEqual(["network is gone"]);
  });

  it("says that the state does not know a container that is there", () => {
    expect(agentStatus(plan, { ...KNOWN, isDeployed: false }, lookOf("")).drift).toEqual([
      "container is not in the stack's state: npm run adopt",
    ]);
    expect(agentStatus(plan, KNOWN, lookOf("")).drift).toEqual([]);
  });
});
