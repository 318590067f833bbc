import { describe, expect, it } from "vitest";
import type { AgentStatus, HostStatus } from "../../../report/status/status.ts";
import { judge } from "../../../report/status/verdict.ts";
import { agentSeen, hostSeen, SILENT, seen } from "../../support/statuses.ts";

const verdict = (agent: Partial<AgentStatus>, host: Partial<HostStatus> = {}) => {
  const { well, problems } = judge(seen([agentSeen(agent)], [hostSeen(host)]));
  expect(well).toBe(problems.length === 0);
  return problems.map(({ kind, problem }) => `${kind}: ${problem}`);
};

describe("the verdict on an agent", () => {
  it.each<[Partial<AgentStatus>, string[]]>([
    [{}, []],
    [{ state: "switched off", enabled: false }, []],
    // The next update stops it.
    [{ state: "starting", enabled: false }, []],
    [{ state: "starting" }, ["agent: alice is still starting"]],
    [{ state: "draining" }, ["agent: alice is about to stop"]],
    [{ state: "down" }, ["agent: alice is down"]],
    [
      { state: "down", drift: ["container has exited with code 1"] },
      ["agent: alice is down (container has exited with code 1)"],
    ],
    [{ state: "paused", drift: ["container is paused"] }, ["agent: alice is paused"]],
    [
      { state: "gone", drift: ["network is gone", "container is gone"] },
      ["agent: alice is gone (network is gone)"],
    ],
    [{ state: "restarting" }, ["agent: alice keeps restarting"]],
    [{ state: "not deployed" }, ["agent: alice is not deployed: npm run up"]],
    [
      { drift: ["container has another memory limit: 1 MiB instead of 2 MiB"] },
      ["drift: alice's container has another memory limit: 1 MiB instead of 2 MiB"],
    ],
    [
      { state: "switched off", enabled: false, drift: ["network is gone"] },
      ["drift: alice's network is gone"],
    ],
    [{ channels: { telegram: "fails", slack: "not known" } }, ["channel: alice's telegram channel fails"]],
    [{ channels: { telegram: "not started", discord: "no failure" } }, []],
  ])("%j: %j", (agent, problems) => {
    expect(verdict(agent)).toEqual(problems);
  });
});

describe("the verdict on a host", () => {
  const service = { name: "ingress", reason: null } as const;
  const works = { name: "egress proxy", state: "works", reason: null } as const;

  it("names one that does not answer, and not its agents in addition", () => {
    expect(verdict({ state: "not known" }, SILENT)).toEqual(["host: host one does not answer: ECONNREFUSED"]);
  });

  it.each<[Partial<HostStatus>, string[]]>([
    [
      { services: [{ ...service, state: "fails", reason: "no listener" }, works] },
      ["service: one's ingress fails: no listener"],
    ],
    [{ services: [{ ...service, state: "missing" }, works] }, ["service: one's ingress is missing"]],
    // Nothing was deployed to it yet.
    [{ services: [{ ...service, state: "missing" }] }, []],
    // Docker's reason, once.
    [
      {
        services: [{ ...service, state: "fails", reason: "409" }, works],
        drift: ["ingress container has exited with code 137", "ingress volume is gone"],
      },
      ["service: one's ingress container has exited with code 137", "drift: one's ingress volume is gone"],
    ],
    [
      { drift: ["ingress configuration loader is gone"] },
      ["drift: one's ingress configuration loader is gone"],
    ],
  ])("%j: %j", (host, problems) => {
    expect(verdict({}, host)).toEqual(problems);
  });
});
