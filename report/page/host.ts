/** One host: what it is, its box, and how full it is in each dimension. */
import type { HostReport, PlanReport } from "../report.ts";
import { type Drawing, isNamed, renderBox, type Tenant } from "./box.ts";
import { utilizationsOf } from "./dimensions.ts";
import { renderGauges, renderMeters } from "./gauges.ts";
import { type Html, html, NOTHING } from "./html.ts";
import type { Scale } from "./scale.ts";
import { counted, gib, money, naturally, rounded } from "./words.ts";

export type NamedHost = readonly [name: string, host: HostReport];

/** A group's servers in the order that they are numbered in. */
export const hostsOf = ({ hosts }: PlanReport): readonly NamedHost[] =>
  Object.entries(hosts).toSorted(([a], [b]) => naturally(a, b));

/** What is planned for it, in a word each; also the CSS classes of where it is drawn. */
export const marksOf = ({ isNew, isDraining }: HostReport): string[] => [
  ...(isNew ? ["new"] : []),
  ...(isDraining ? ["draining"] : []),
];

/** The place in the list, because a name need not be fit for an address. */
export const anchorOf = (index: number): string => `host-${index + 1}`;

/** The heaviest class last: at the bottom of the box. */
function tenantsOf(host: HostReport, { agents }: PlanReport, { classes }: Drawing): Tenant[] {
  const order = [...classes.keys()];
  return host.agents
    .flatMap((name): Tenant[] => {
      const agent = agents[name];
      return agent === undefined ? [] : [{ ...agent, name }];
    })
    .toSorted((a, b) => order.indexOf(a.class) - order.indexOf(b.class) || naturally(a.name, b.name));
}

export const kindOf = ({ serverType }: HostReport): string => serverType ?? "own host";

function factsOf(host: HostReport, currency: string): string[] {
  const { serverType, location, memoryMb, cpus, diskGb, monthlyCost } = host;
  return [
    location === null ? kindOf(host) : `${kindOf(host)} in ${location}`,
    ...(memoryMb === null ? [] : [`${gib(memoryMb)} GiB`]),
    ...(cpus === null ? [] : [`${rounded(cpus)} CPUs`]),
    ...(diskGb === null ? [] : [`${rounded(diskGb)} GB disk`]),
    ...(serverType === null ? [] : [`${money(monthlyCost, currency)} a month`]),
  ];
}

function renderFacts(host: HostReport, currency: string, { density }: Scale): Html {
  const facts = factsOf(host, currency);
  if (density !== "small")
    return html`<p class="facts">${facts.map((fact) => html`<span>${fact}</span>`)}</p>`;
  const price = host.serverType === null ? NOTHING : html`<span>${money(host.monthlyCost, currency)}</span>`;
  return html`<p class="facts" title="${facts.join(", ")}"><span>${kindOf(host)} ${host.location ?? ""}</span>${price}</p>`;
}

/** The containers that serve all of its agents. */
const renderServices = ({ services }: HostReport, { density }: Scale): Html =>
  density === "small" || services.length === 0
    ? NOTHING
    : html`<p class="services">${services.map(({ title, image }) => html`<span title="${image}">${title}</span>`)}</p>`;

/** More of them are folded away. */
const NAMES_SHOWN = 8;

/** The names that do not fit into their layers, where there is space for them below the box. */
function renderNames(tenants: readonly Tenant[], scale: Scale): Html {
  const unnamed = tenants.filter((tenant) => !isNamed(tenant, scale));
  if (scale.density === "small" || unnamed.length === 0) return NOTHING;
  const names = unnamed.map(({ name }) => name).join(", ");
  return unnamed.length <= NAMES_SHOWN
    ? html`<p class="names">${names}</p>`
    : html`<details class="names"><summary>${counted(unnamed.length, "name")}</summary>${names}</details>`;
}

export function renderHost(
  [name, host]: NamedHost,
  index: number,
  report: PlanReport,
  drawing: Drawing,
): Html {
  const { scale } = drawing;
  const tenants = tenantsOf(host, report, drawing);
  const utilization = utilizationsOf(host);
  const isSmall = scale.density === "small";
  const marks = marksOf(host);
  return html`<article class="${["host", ...marks].join(" ")}" id="${anchorOf(index)}">
<header><h3 title="${name}">${name}</h3>${marks.map((mark) => html`<em class="badge">${mark}</em>`)}${renderFacts(host, report.cost.currency, scale)}${renderServices(host, scale)}</header>
<div class="filling">${renderBox(host, tenants, drawing)}${renderNames(tenants, scale)}</div>
${isSmall ? renderMeters(utilization) : renderGauges(utilization)}
</article>
`;
}
