/** A plan for a terminal. */
import { plural } from "../fleet/text.ts";
import type { AgentReport, HostReport, PlanReport, Use } from "./report.ts";
import { table } from "./table.ts";

const amount = (value: number): string => String(Math.round(value * 100) / 100);

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

/** `ingress (caddy:2.11.4)`; hosts that run the same are listed together. */
function serviceLines(hosts: PlanReport["hosts"]): string[] {
  const groups = Map.groupBy(Object.entries(hosts).toSorted(byName), ([, { services }]) =>
    services.map(({ title, image }) => `${title} (${image})`).join(", "),
  );
  return [...groups].map(([services, running]) => `${running.map(([name]) => name).join(", ")}: ${services}`);
}

const agentRow = ([name, agent]: [string, AgentReport]): string[] => [
  agent.enabled ? name : `${name} (switched off)`,
  agent.host,
  `${agent.class} (${agent.memoryMb} MiB)`,
  agent.url,
];

function costLines({ cost, hosts }: PlanReport): string[] {
  const { currency, models } = cost;
  const ordered = Object.values(hosts).filter(({ serverType }) => serverType !== null).length;
  return [
    ordered === 0
      ? "No servers are ordered."
      : `${cost.monthly.toFixed(2)} ${currency} a month without VAT: servers ${cost.servers.toFixed(2)}, volumes ${cost.volumes.toFixed(2)}, addresses ${cost.addresses.toFixed(2)} (prices of ${cost.pricesOf}); ${cost.trafficTb} TB of outgoing traffic included.`,
    ...(Object.keys(models.agents).length === 0
      ? []
      : [
          `Models: an estimated ${Math.round(models.low)} to ${Math.round(models.high)} ${models.currency} a month for ${plural(Object.keys(models.agents).length, "agent")} with a usage entry.`,
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
    isChosen ? "chosen" : allowed ? "more expensive" : "not allowed by hosts.*.growth";
  return [
    table([heading, ...hostRows]),
    "",
    table([["AGENT", "HOST", "CLASS", "URL"], ...Object.entries(agents).toSorted(byName).map(agentRow)]),
    "",
    `${plural(hostRows.length, "host")}, ${plural(Object.keys(agents).length, "agent")}. ${costLines(report).join("\n")}`,
    ...section("Services:", serviceLines(hosts)),
    ...section("What would change:", changes.length === 0 ? ["nothing"] : changes.map(({ text }) => text)),
    ...section(
      "Ways to make capacity:",
      options.map(
        ({ what, monthly, downtime, allowed, chosen: isChosen }) =>
          `${what}: +${monthly.toFixed(2)} ${cost.currency} a month, downtime ${downtime} (${chosen(isChosen, allowed)})`,
      ),
    ),
    ...section(
      report.dns === "none" ? "DNS records, to be set at the domain's DNS provider:" : "DNS records:",
      records.length === 0
        ? []
        : table([
            ["NAME", "TTL", "TYPE", "VALUE"],
            ...records.map(({ name, ttl, type, value, host }) => [
              name,
              String(ttl),
              type,
              value ?? `the address of ${host}, once it exists`,
            ]),
          ]).split("\n"),
    ),
    ...section("Note:", notices),
  ].join("\n");
}
