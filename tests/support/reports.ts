/** Reports of fleets that were never planned: their content is made up, and the same each time. */
import type { AgentReport, HostReport, PlanReport, ServiceReport } from "../../report/report.ts";

const CLASSES = {
  light: { reservationMb: 640, memoryMb: 1024, cpus: 1, diskGb: 2 },
  standard: { reservationMb: 768, memoryMb: 2048, cpus: 2, diskGb: 2 },
  heavy: { reservationMb: 1536, memoryMb: 4096, cpus: 4, diskGb: 5 },
} as const;

export type ClassName = keyof typeof CLASSES;

const SERVERS = {
  cx33: { memoryMb: 8192, cpus: 4, diskGb: 80, monthlyCost: 6.49 },
  cx43: { memoryMb: 16_384, cpus: 8, diskGb: 160, monthlyCost: 11.99 },
  cax31: { memoryMb: 16_384, cpus: 8, diskGb: 160, monthlyCost: 12.49 },
} as const;

export type ServerType = keyof typeof SERVERS;

const REPLACING = "every connection through it is closed";

/** As on a host of the default settings. */
export const SERVICES: readonly ServiceReport[] = [
  { name: "ingress", title: "ingress", image: "caddy:2.11.4", replacing: REPLACING },
  { name: "egress-proxy", title: "egress proxy", image: "ubuntu/squid:6.6", replacing: REPLACING },
];

export const agentReport = (name: string, host: string, changes: Partial<AgentReport> = {}): AgentReport => {
  const className = (changes.class ?? "standard") as ClassName;
  const { reservationMb, memoryMb } = CLASSES[className] ?? CLASSES.standard;
  const url = `https://${name}.agents.example.com`;
  return { host, slot: 0, class: className, memoryMb, reservationMb, enabled: true, url, ...changes };
};

/** A server with these agents, used as they use it. */
export function hostReport(
  serverType: ServerType,
  agents: Readonly<Record<string, AgentReport>>,
  changes: Partial<HostReport> = {},
): HostReport {
  const { memoryMb, cpus, diskGb, monthlyCost } = SERVERS[serverType];
  const needs = Object.values(agents).map((agent) => ({ ...CLASSES[agent.class as ClassName], ...agent }));
  const sum = (of: "reservationMb" | "memoryMb" | "cpus" | "diskGb"): number =>
    needs.reduce((total, need) => total + (need[of] ?? 0), 0);
  return {
    serverType,
    location: "fsn1",
    memoryMb,
    cpus,
    diskGb,
    monthlyCost,
    agents: Object.keys(agents),
    services: SERVICES,
    use: {
      memory: { used: sum("reservationMb"), of: memoryMb * 0.75 },
      memoryLimits: { used: sum("memoryMb"), of: memoryMb * 1.5 },
      cpus: { used: sum("cpus"), of: cpus * 6.25 },
      disk: { used: sum("diskGb"), of: diskGb - 10 },
      agents: { used: needs.length, of: 100 },
    },
    isNew: false,
    isDraining: false,
    ...changes,
  };
}

export function planReport(changes: Partial<PlanReport> = {}): PlanReport {
  const { hosts = {} } = changes;
  const monthly = Object.values(hosts).reduce((sum, host) => sum + host.monthlyCost, 0);
  const models = { currency: "USD", isEstimate: true, low: 0, high: 0, agents: {} } as const;
  return {
    stack: "prod",
    hosts,
    agents: {},
    cost: {
      currency: "EUR",
      pricesOf: "2026-10-01",
      servers: monthly,
      volumes: 0,
      addresses: 0,
      monthly,
      trafficTb: 20 * Object.keys(hosts).length,
      models,
    },
    changes: [],
    options: [],
    dns: "none",
    records: [],
    notices: [],
    ...changes,
  };
}

/** Three agents on one host. */
export function smallReport(): PlanReport {
  const agents = {
    alice: agentReport("alice", "fsn1-1"),
    bob: agentReport("bob", "fsn1-1", { class: "light", enabled: false }),
    "support-bot": agentReport("support-bot", "fsn1-1", { class: "heavy" }),
  };
  return planReport({
    hosts: { "fsn1-1": hostReport("cx33", agents) },
    agents,
    dns: "none",
    records: [],
    notices: ["support-bot has open egress: it reaches the whole internet, past the egress proxy."],
    changes: [{ kind: "add-agent", name: "support-bot", text: "adds support-bot on fsn1-1" }],
  });
}

const NAMES = ["ada", "billing", "clerk", "docs", "echo", "finance", "grace", "helpdesk", "inbox", "jobs"];
const GROUPS = ["fsn1", "hel1", "nbg1"];
const KINDS: readonly ClassName[] = ["standard", "light", "standard", "heavy", "standard", "light"];

/** Numbers from 0 to below 1 that look like chance. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** As many agents on as many servers as they fill, more or less; with everything that a page has to show. */
export function largeReport(howMany: number): PlanReport {
  const next = chance(howMany);
  const hosts: Record<string, HostReport> = {};
  const agents: Record<string, AgentReport> = {};
  for (let made = 0, host = 0; made < howMany; host++) {
    const group = GROUPS[host % GROUPS.length] ?? "";
    const name = `${group}-${Math.floor(host / GROUPS.length) + 1}`;
    const serverType = (["cx33", "cx43", "cx43", "cax31"] as const)[Math.floor(next() * 4)] ?? "cx33";
    const share = next() < 0.15 ? 0.2 + next() * 0.5 : 0.9 + next() * 0.1;
    const most = SERVERS[serverType].memoryMb * 1.5 * share;
    const tenants: Record<string, AgentReport> = {};
    for (let used = 0; made < howMany; made++) {
      const className = KINDS[Math.floor(next() * KINDS.length)] ?? "standard";
      used += CLASSES[className].memoryMb;
      if (used > most) break;
      const agent = `${NAMES[Math.floor(next() * NAMES.length)]}-${made + 1}`;
      const enabled = next() > 0.04;
      tenants[agent] = agentReport(agent, name, { class: className, slot: made, enabled });
    }
    Object.assign(agents, tenants);
    const isNew = next() < 0.06;
    hosts[name] = hostReport(serverType, tenants, {
      location: group,
      isNew,
      isDraining: !isNew && next() < 0.03,
    });
  }
  const added = Object.entries(hosts).filter(([, { isNew }]) => isNew);
  const plain = planReport({ hosts });
  return {
    ...plain,
    agents,
    cost: {
      ...plain.cost,
      models: {
        ...plain.cost.models,
        low: 1180.5,
        high: 3420.25,
        agents: Object.fromEntries(
          Object.keys(agents)
            .filter((_, index) => index % 9 === 0)
            .map((name) => [name, { low: 5, high: 15 }]),
        ),
      },
    },
    changes: [
      ...added.map(([name, { serverType, location, monthlyCost }]) => ({
        kind: "add-host" as const,
        name,
        text: `adds host ${name} (${serverType} in ${location}, +${monthlyCost} a month): no other host has capacity for its agents`,
        monthly: monthlyCost,
      })),
      ...Object.entries(agents)
        .filter((_, index) => index % 3 === 0)
        .map(([name, { host }]) => ({ kind: "add-agent" as const, name, text: `adds ${name} on ${host}` })),
      {
        kind: "move-agent",
        name: "ada-1",
        text: "moves ada-1 from hel1-4 to fsn1-2: its configuration pins it there",
      },
    ],
    options: [
      {
        kind: "add",
        what: "add 3 cx43 in fsn1",
        monthly: 35.97,
        downtime: "none",
        allowed: true,
        chosen: true,
      },
      {
        kind: "resize",
        what: "make hel1-4 a cx53",
        monthly: 9.5,
        downtime: "some minutes for every agent on it: power-off, change, start",
        allowed: false,
        chosen: false,
      },
    ],
    dns: "none",
    records: [],
    notices: [
      "hosts.fsn1.drain names fsn1-999, which does not exist.",
      ...Object.keys(agents)
        .slice(0, 12)
        .map((name) => `${name} has open egress: it reaches the whole internet, past the egress proxy.`),
    ],
  };
}
