/** The fleet's totals: totals, and what a reader should know about them. */
import type { PlanReport } from "../report.ts";
import { foldedList, type Html, html, NOTHING, type Part } from "./html.ts";
import { count, counted, money, more, rounded } from "./words.ts";

const total = (name: string, value: Part, note: Part): Html =>
  html`<div><dt>${name}</dt><dd><b>${value}</b><small>${note}</small></dd></div>`;

const some = (amount: number, what: string): string[] => (amount === 0 ? [] : [`${count(amount)} ${what}`]);

export function renderTotals({ hosts, agents, cost }: PlanReport): Html {
  const all = Object.values(hosts);
  const tenants = Object.values(agents);
  const { models, currency } = cost;
  const parts = (["servers", "volumes", "addresses"] as const)
    .filter((part) => cost[part] !== 0)
    .map((part) => `${part} ${money(cost[part], currency)}`);
  const ofHosts = [
    ...some(all.filter(({ isNew }) => isNew).length, "new"),
    ...some(all.filter(({ isDraining }) => isDraining).length, "draining"),
    ...some(all.filter(({ serverType }) => serverType === null).length, "of your own"),
  ];
  const ofAgents = some(tenants.filter(({ enabled }) => !enabled).length, "switched off");
  const spenders = Object.keys(models.agents).length;
  return html`<dl class="totals">${[
    total("Hosts", count(all.length), ofHosts.join(", ")),
    total("Agents", count(tenants.length), ofAgents.join(", ")),
    total(
      "A month, net",
      money(cost.monthly, currency),
      html`prices of <time>${cost.pricesOf}</time>${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`,
    ),
    total("Traffic", `${rounded(cost.trafficTb)} TB`, "a month, outgoing, included in the price"),
    spenders === 0
      ? NOTHING
      : total(
          "Models, estimated",
          `${count(models.low)}–${count(models.high)} ${models.currency}`,
          `a month, an estimate for ${counted(spenders, "agent")} that say how much they are used; not in the price`,
        ),
  ]}</dl>`;
}

const panel = (title: string, content: Part): Html =>
  html`<section class="panel"><h2>${title}</h2>${content}</section>`;

export const renderNotices = ({ notices }: PlanReport): Html =>
  notices.length === 0 ? NOTHING : panel("Notices", foldedList(notices));

const KINDS = {
  "add-host": "to add",
  "resize-host": "to resize",
  "grow-host": "to make larger",
  "retire-host": "to delete",
  "add-agent": "to add",
  "move-agent": "to move",
  "remove-agent": "to remove",
  "update-host": "to change",
  "start-agent": "to start",
  "stop-agent": "to stop",
  "restart-agent": "to restart",
  "update-agent": "to change",
} as const;

function renderGroup(title: string, changes: PlanReport["changes"], currency: string): Html {
  if (changes.length === 0) return NOTHING;
  const kinds = Map.groupBy(changes, ({ kind }) => kind);
  const counts = [...kinds].map(
    ([kind, each]) => `${count(new Set(each.map(({ name }) => name)).size)} ${KINDS[kind]}`,
  );
  const monthly = changes.reduce((sum, change) => sum + (change.monthly ?? 0), 0);
  return html`<h3>${title}: ${counts.join(", ")}${monthly === 0 ? NOTHING : html` <small>${more(monthly, currency)} a month</small>`}</h3>${foldedList(changes.map(({ text }) => text))}`;
}

export function renderChanges({ changes, cost }: PlanReport): Html {
  const isHost = ({ kind }: PlanReport["changes"][number]): boolean => kind.endsWith("-host");
  return panel(
    "Planned changes",
    changes.length === 0
      ? html`<p>No agent is added, moved or removed, and no host either.</p>`
      : [
          renderGroup(
            "Hosts",
            changes.filter((change) => isHost(change)),
            cost.currency,
          ),
          renderGroup(
            "Agents",
            changes.filter((change) => !isHost(change)),
            cost.currency,
          ),
        ],
  );
}

export const renderOptions = ({ options, cost }: PlanReport): Html =>
  options.length === 0
    ? NOTHING
    : panel(
        "Ways to make capacity",
        html`<ul class="options">${options.map(
          ({ what, monthly, downtime, allowed, chosen }) =>
            html`<li${chosen ? html` class="chosen"` : NOTHING}><b>${what}</b> ${chosen ? html`<em class="badge">chosen</em>` : allowed ? NOTHING : html`<em class="badge">not allowed</em>`}<dl><div><dt>Price</dt><dd>${more(monthly, cost.currency)} a month</dd></div><div><dt>Downtime</dt><dd>${downtime}</dd></div><div><dt>Allowed</dt><dd>${allowed ? "yes" : "no: the host's growth does not list it"}</dd></div></dl></li>`,
        )}</ul>`,
      );
