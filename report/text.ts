/** A plan for a terminal. */
import type { AgentReport, HostReport, PlanReport, Use } from "./report.ts";
import { table } from "./table.ts";

const amount = (value: number): string => String(Math.round(value * 100) / 100);

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

const use = ({ used, of }: Use): string => (of === null ? amount(used) : `${amount(used)} of ${amount(of)}`);

const byName = <T>([a]: [string, T], [b]: [string, T]): number => a.localeCompare(b, "en", { numeric: true });

const mark = ({ isNew, isDraining }: HostReport): string =>
  isNew ? " (new)" : isDraining ? " (drained)" : "";

const hostRow = ([name, host]: [string, HostReport], currency: string): string[] => [
  `${name}${mark(host)}`,
  host.serverType === null ? "your own" : `${host.serverType} in ${host.location}`,
  use(host.use.agents),
  use(host.use.memory),
  use(host.use.memoryLimits),
  use(host.use.cpus),
  use(host.use.disk),
  host.monthlyCost === 0 ? "-" : `${host.monthlyCost.toFixed(2)} ${currency}`,
];

const agentRow = ([name, agent]: [string, AgentReport]): string[] => [
  agent.enabled ? name : `${name} (switched off)`,
  agent.host,
  `${agent.class} (${agent.memoryMb} MiB)`,
  agent.url,
];

function costLines({ cost, hosts }: PlanReport): string[] {
  const { currency, models } = cost;
  const rented = Object.values(hosts).filter(({ serverType }) => serverType !== null).length;
  return [
    rented === 0
      ? "No server is rented."
      : `${cost.monthly.toFixed(2)} ${currency} a month without VAT: servers ${cost.servers.toFixed(2)}, volumes ${cost.volumes.toFixed(2)}, addresses ${cost.addresses.toFixed(2)} (prices of ${cost.pricesOf}); ${cost.trafficTb} TB of outgoing traffic included.`,
    ...(Object.keys(models.agents).length === 0
      ? []
      : [
          `Models: an estimated ${Math.round(models.low)} to ${Math.round(models.high)} ${models.currency} a month for ${counted(Object.keys(models.agents).length, "agent")} of which the use is given.`,
        ]),
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];

export function renderPlanText(report: PlanReport): string {
  const { hosts, agents, cost, changes, options, notices, records } = report;
  const hostRows = Object.entries(hosts)
    .toSorted(byName)
    .map((entry) => hostRow(entry, cost.currency));
  const heading = ["HOST", "TYPE", "AGENTS", "MEMORY, MiB", "LIMITS, MiB", "CPUS", "DISK, GB", "A MONTH"];
  const chosen = (isChosen: boolean, allowed: boolean): string =>
    isChosen ? "chosen" : allowed ? "dearer" : "not allowed by hosts.*.growth";
  return [
    table([heading, ...hostRows]),
    "",
    table([["AGENT", "HOST", "CLASS", "URL"], ...Object.entries(agents).toSorted(byName).map(agentRow)]),
    "",
    `${counted(hostRows.length, "host")}, ${counted(Object.keys(agents).length, "agent")}. ${costLines(report).join("\n")}`,
    ...section("What would change:", changes.length === 0 ? ["nothing"] : changes.map(({ text }) => text)),
    ...section(
      "Ways to make room:",
      options.map(
        ({ what, monthly, downtime, allowed, chosen: isChosen }) =>
          `${what}: +${monthly.toFixed(2)} ${cost.currency} a month, downtime ${downtime} (${chosen(isChosen, allowed)})`,
      ),
    ),
    ...section(
      report.dns === "none" ? "DNS records, to be set where the domain is served:" : "DNS records:",
      records.length === 0
        ? []
        : table([
            ["NAME", "TTL", "TYPE", "VALUE"],
            ...records.map(({ name, ttl, type, value, host }) => [
              name,
              String(ttl),
              type,
              value ?? `the address of ${host}, once it is there`,
            ]),
          ]).split("\n"),
    ),
    ...section("Note:", notices),
  ].join("\n");
}
