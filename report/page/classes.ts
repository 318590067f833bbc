/** The classes of agents, and how each is drawn. */
import type { AgentReport, PlanReport } from "../report.ts";
import { type Html, html } from "./html.ts";
import { COLOURS, PATTERNS } from "./style.ts";
import { count, counted, naturally } from "./words.ts";

export interface Class {
  readonly name: string;
  readonly agents: readonly AgentReport[];
  /** CSS classes. No two alike before the thirty-seventh, and the first six differ in colour and pattern. */
  readonly look: string;
}

const leastOf = (agents: readonly AgentReport[]): number =>
  agents.reduce((least, { reservationMb }) => Math.min(least, reservationMb), Infinity);

const mostOf = (agents: readonly AgentReport[]): number =>
  agents.reduce((most, { reservationMb }) => Math.max(most, reservationMb), 0);

/** By name; the lightest first. */
export function classesOf({ agents }: PlanReport): ReadonlyMap<string, Class> {
  const classes = [...Map.groupBy(Object.values(agents), (agent) => agent.class)].toSorted(
    ([a, ofA], [b, ofB]) => leastOf(ofA) - leastOf(ofB) || naturally(a, b),
  );
  return new Map(
    classes.map(([name, members], index) => {
      const turn = Math.floor(index / COLOURS);
      const look = `k${index % COLOURS} p${(index + turn) % PATTERNS}`;
      return [name, { name, agents: members, look }];
    }),
  );
}

function reservationOf(agents: readonly AgentReport[]): string {
  const [least, most] = [leastOf(agents), mostOf(agents)];
  return `${count(agents.length)} × ${least === most ? "" : `${count(least)} to `}${count(most)} MiB`;
}

export function renderLegend(classes: ReadonlyMap<string, Class>, report: PlanReport): Html {
  const off = Object.values(report.agents).filter(({ enabled }) => !enabled).length;
  return html`<ul class="legend" aria-label="Legend">${[...classes.values()].map(
    ({ name, agents, look }) =>
      html`<li><i class="s ${look}"></i><b>${name}</b> <small>${reservationOf(agents)}</small></li>`,
  )}${off === 0 ? "" : html`<li><i class="s k0 p1 off"></i><b>switched off</b> <small>${counted(off, "agent")}, memory still set aside</small></li>`}<li><i class="free"></i><b>free</b></li></ul>`;
}
