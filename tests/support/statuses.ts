/** A fleet's state, well unless a test says otherwise. */
import type { AgentStatus, HostStatus, Seen } from "../../report/status/status.ts";

const MIB = 1024 ** 2;

export const agentSeen = (overrides: Partial<AgentStatus> = {}): AgentStatus => ({
  name: "alice",
  host: "one",
  enabled: true,
  state: "started",
  health: "healthy",
  channels: {},
  memory: { now: 400 * MIB, peak: 600 * MIB, limit: 1024 * MIB },
  cpu: { percent: 1.25, intervalMs: 1000 },
  restarts: 0,
  oomKills: 0,
  oomKilled: false,
  volume: { name: "fleet.test.alice", bytes: 20 * MIB },
  image: "openclaw:1",
  startedAt: "2026-11-30T10:00:00.000Z",
  lastActivity: "2026-11-30T11:57:00.000Z",
  drift: [],
  ...overrides,
});

export const hostSeen = (overrides: Partial<HostStatus> = {}): HostStatus => ({
  name: "one",
  address: "unix:///var/run/docker.sock",
  problem: null,
  docker: "28.2.2",
  cpus: 2,
  memory: { total: 8192 * MIB, available: 4096 * MIB },
  swap: { total: 0, used: 0 },
  memoryPressure: { some: 1.5, full: 0 },
  disk: { total: 100 * 1024 * MIB, available: 40 * 1024 * MIB },
  services: [
    { name: "ingress", state: "works", reason: null },
    { name: "egress proxy", state: "works", reason: null },
  ],
  drift: [],
  ...overrides,
});

/** What a host that does not answer leaves. */
export const SILENT: Partial<HostStatus> = {
  problem: "ECONNREFUSED",
  docker: null,
  cpus: null,
  memory: { total: null, available: null },
  swap: { total: null, used: null },
  memoryPressure: { some: null, full: null },
  disk: { total: null, available: null },
  services: [],
};

export const seen = (
  agents: readonly AgentStatus[] = [agentSeen()],
  hosts: readonly HostStatus[] = [hostSeen()],
): Seen => ({ stack: "test", time: "2026-11-30T12:00:00.000Z", hosts, agents });
