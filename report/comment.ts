/** A plan as a comment on a pull request: GitHub's Markdown. */
import type { Difference } from "../fleet/differences.ts";
import { LOGICAL, ownerOf } from "../fleet/names.ts";
import type { Change, ChangeKind } from "../fleet/plan/changes.ts";
import { SERVICES } from "../fleet/services/index.ts";
import { plural } from "../fleet/text.ts";
import { bullets, codeBlock, escapeText, folded, within } from "./markdown.ts";
import type { PlanReport, ServiceReport } from "./report.ts";

/** A step of Pulumi's preview: what this renderer reads of the engine's own. */
export interface EngineChange {
  readonly op: "create" | "update" | "replace" | "delete" | "same";
  readonly type: string;
  readonly name: string;
  /** The inputs that differ. */
  readonly changed: readonly string[];
  readonly retained?: boolean;
}

/** What the plan was compared with. */
export type Before =
  | { readonly kind: "state" }
  /** What the base branch's configuration would make of nothing. */
  | { readonly kind: "base"; readonly differences: readonly Difference[] }
  | { readonly kind: "nothing" };

export interface Review {
  readonly report: PlanReport;
  /** Pulumi's preview, or why there is none. */
  readonly changes: readonly EngineChange[] | { readonly leftOut: string };
  readonly before: Before;
}

/** Characters for each part, together less than the 65,536 that GitHub takes. */
const BUDGET = {
  hosts: 10_000,
  agents: 18_000,
  options: 3_000,
  notices: 6_000,
  engine: 18_000,
  refusal: 40_000,
};

const BEFORE: Readonly<Record<Before["kind"], string>> = {
  state: "Compared with what the stack's state says exists.",
  base: "Compared with the base branch's configuration, not with what runs: real places, sizes and prices can be others.",
  nothing: "Compared with nothing, because no state was read: everything is shown as new.",
};

/** Letters that cannot end an HTML comment. Whatever finds a comment again looks for the line that this gives. */
export const markerOf = (stack: string): string =>
  `<!-- agent-fleet: plan of ${stack.replace(/[^A-Za-z0-9_.-]/g, "_").slice(0, 100)} -->`;

const titleOf = (stack: string): string => `### Plan of stack ${escapeText(stack)}`;

const CONTAINER = "docker:index/container:Container";

interface Effect {
  readonly kind: "agent" | "host";
  /** The agent or the host. */
  readonly name: string;
  readonly text: string;
}

const because = ({ changed }: EngineChange): string =>
  changed.length === 0 ? "" : ` (${changed.map(escapeText).join(", ")})`;

const ON_AGENT: Readonly<Record<EngineChange["op"], (agent: string, change: EngineChange) => string>> = {
  create: (agent) => `starts ${agent}`,
  delete: (agent) => `stops ${agent}; its data stays`,
  replace: (agent, change) => `restarts ${agent}: its container is recreated${because(change)}`,
  same: () => "",
  update: (agent, change) => `changes ${agent} while it runs${because(change)}`,
};

const onService = (
  host: string,
  { title, replacing }: ServiceReport,
  change: EngineChange,
): Effect["text"] | undefined => {
  const service = `the ${escapeText(title)} of ${host}`;
  const texts: Readonly<Record<EngineChange["op"], string | undefined>> = {
    create: `starts ${service}`,
    delete: undefined,
    replace: `replaces ${service}${because(change)}: ${replacing}`,
    same: undefined,
    update: `changes ${service} while it runs${because(change)}`,
  };
  return texts[change.op];
};

/** Whether the container is one of a host's service, whether or not the host still runs it. */
const isOfService = ({ name }: EngineChange, hosts: PlanReport["hosts"]): boolean =>
  Object.keys(hosts).some((host) => SERVICES.some((service) => LOGICAL.service(host, service.name) === name));

const isExplained = (host: string, service: string, explained: ReadonlySet<string>): boolean =>
  explained.has(`host ${host}`) || explained.has(`host ${host} ${service}`);

/** Whose containers the plan's own changes explain. An agent that is only updated may be replaced for another reason. */
const explainedBy = ({ kind, name, service }: Change): string[] => {
  if (kind === "update-agent") return [];
  if (kind === "update-host") return service === undefined ? [] : [`host ${name} ${service}`];
  return [`${kind.endsWith("-host") ? "host" : "agent"} ${name}`];
};

/** What an engine's change of a container does to the agent or the host that the container belongs to. */
function effectOf(change: EngineChange, { hosts }: PlanReport, explained: ReadonlySet<string>): Effect[] {
  if (change.type !== CONTAINER || change.op === "same") return [];
  // A service may be a gateway too, so its host is looked for first.
  const agent = isOfService(change, hosts) ? undefined : ownerOf(change.name, LOGICAL.gateway);
  if (agent !== undefined) {
    if (explained.has(`agent ${agent}`)) return [];
    return [{ kind: "agent", name: agent, text: ON_AGENT[change.op](escapeText(agent), change) }];
  }
  return Object.entries(hosts).flatMap(([host, { services }]): Effect[] => {
    const service = services.find(({ name }) => LOGICAL.service(host, name) === change.name);
    if (service === undefined || isExplained(host, service.name, explained)) return [];
    const text = onService(escapeText(host), service, change);
    return text === undefined ? [] : [{ kind: "host", name: host, text }];
  });
}

/** A service that its host no longer runs: it is not in the plan any more. */
function removalOf(change: EngineChange, { hosts }: PlanReport, explained: ReadonlySet<string>): Effect[] {
  if (change.type !== CONTAINER || change.op !== "delete") return [];
  return Object.keys(hosts).flatMap((host): Effect[] => {
    const service = SERVICES.find(({ name }) => LOGICAL.service(host, name) === change.name);
    return service === undefined || isExplained(host, service.name, explained)
      ? []
      : [{ kind: "host", name: host, text: `removes the ${service.title} of ${escapeText(host)}` }];
  });
}

const isHost = ({ kind }: Change): boolean => kind.endsWith("-host");

/** What happens to agents and hosts that are not added, removed, moved or resized. */
function effectsOfReview({ report, changes, before }: Review): Effect[] {
  if ("leftOut" in changes) {
    return before.kind === "base"
      ? before.differences.map(({ kind, name, what }) => ({
          kind,
          name,
          text: `changes ${escapeText(name)} (${what.map(escapeText).join(", ")})`,
        }))
      : [];
  }
  const explained = new Set(report.changes.flatMap(explainedBy));
  return changes.flatMap((change) => [
    ...effectOf(change, report, explained),
    ...removalOf(change, report, explained),
  ]);
}

type Update = "update-host" | "update-agent";

const DONE: Readonly<Record<Exclude<ChangeKind, Update>, readonly [what: string, done: string]>> = {
  "add-host": ["host", "added"],
  "resize-host": ["host", "resized"],
  "grow-host": ["data volume", "made larger"],
  "retire-host": ["host", "removed"],
  "add-agent": ["agent", "added"],
  "move-agent": ["agent", "moved"],
  "remove-agent": ["agent", "removed"],
  "start-agent": ["agent", "started"],
  "stop-agent": ["agent", "stopped"],
  "restart-agent": ["agent", "restarted"],
};

const priceOf = (amount: number, currency: string): string => `${amount.toFixed(2)} ${escapeText(currency)}`;

function totals({ report }: Review, effects: readonly Effect[]): string {
  const { changes, cost, hosts, agents } = report;
  const counts = Object.entries(DONE).flatMap(([kind, [what, done]]) => {
    const count = new Set(changes.filter((change) => change.kind === kind).map(({ name }) => name)).size;
    return count === 0 ? [] : [`${plural(count, what)} ${done}`];
  });
  const changed = (["host", "agent"] as const).flatMap((kind) => {
    const ofKind = changes.filter((change) => isHost(change) === (kind === "host"));
    const [updates, others] = [
      ofKind.filter((change) => change.kind === `update-${kind}`),
      ofKind.filter((change) => change.kind !== `update-${kind}`),
    ];
    const counted = new Set(others.map(({ name }) => name));
    const names = [...updates, ...effects.filter((effect) => effect.kind === kind)].map(({ name }) => name);
    const count = new Set(names.filter((name) => !counted.has(name))).size;
    return count === 0 ? [] : [`${plural(count, kind)} changed`];
  });
  const difference = changes.reduce((sum, { monthly = 0 }) => sum + monthly, 0);
  const isRented = cost.monthly > 0 || difference !== 0;
  const sign = difference < 0 ? "-" : "+";
  const price = isRented
    ? `; **${sign}${priceOf(Math.abs(difference), cost.currency)} a month**, net, at the prices of ${escapeText(cost.pricesOf)}`
    : "";
  const total = isRented ? `, ${priceOf(cost.monthly, cost.currency)} a month` : "";
  const done = [...counts, ...changed].join(", ") || "No agent is added, removed, moved or restarted";
  return `${done}${price}. Then ${plural(Object.keys(hosts).length, "host")}, ${plural(Object.keys(agents).length, "agent")}${total}.`;
}

const SIGN: Readonly<Record<EngineChange["op"], string>> = {
  create: "+",
  update: "!",
  replace: "!",
  delete: "-",
  same: " ",
};

/** In the colours that GitHub gives to a diff. */
function engineDiff(changes: Review["changes"]): string {
  if ("leftOut" in changes) return `Pulumi's preview is left out: ${escapeText(changes.leftOut)}`;
  if (changes.length === 0) return "Pulumi changes no resource.";
  const lines = changes.map(({ op, type, name, changed, retained }) => {
    const note = retained === true ? "stays on the host" : op === "create" ? "" : changed.join(", ");
    return `${SIGN[op]} ${op} ${type} ${name}${note === "" ? "" : ` (${note})`}`;
  });
  const { kept, left } = within(lines, BUDGET.engine);
  const block = codeBlock(left === 0 ? kept : [...kept, `  ... and ${left} more`], "diff");
  return folded(`Pulumi's preview: ${plural(changes.length, "resource")}`, block);
}

const section = (title: string, items: readonly string[], budget: number): string[] =>
  items.length === 0 ? [] : [`**${title}**`, bullets(items, budget)];

/** The line for a review in which nothing changes; undefined where something does. */
function nothing({ report, changes, before }: Review, effects: readonly Effect[]): string | undefined {
  if (report.changes.length > 0 || effects.length > 0) return undefined;
  const isWhole = !("leftOut" in changes) || before.kind === "base";
  if (!("leftOut" in changes) && changes.length > 0) return undefined;
  const stay = `${plural(Object.keys(report.hosts).length, "host")} and ${plural(Object.keys(report.agents).length, "agent")} stay`;
  return isWhole
    ? `Nothing changes: ${stay} as they are. ${BEFORE[before.kind]}`
    : `No agent is added, removed or moved: ${stay} where they are. ${BEFORE[before.kind]}`;
}

const joined = (parts: readonly string[]): string => `${parts.join("\n\n")}\n`;

export function renderComment(review: Review): string {
  const { report, changes, before } = review;
  const { stack, options, notices, cost } = report;
  const effects = effectsOfReview(review);
  const texts = (kind: Effect["kind"]): string[] => [
    ...report.changes
      .filter((change) => isHost(change) === (kind === "host"))
      .map(({ text }) => escapeText(text)),
    ...effects.filter((effect) => effect.kind === kind).map(({ text }) => text),
  ];
  const head = `${markerOf(stack)}\n${titleOf(stack)}`;
  const notes = section("Notes", notices.map(escapeText), BUDGET.notices);
  const unchanged = nothing(review, effects);
  if (unchanged !== undefined) {
    const isSilent = !("leftOut" in changes) || before.kind === "base";
    return joined([head, unchanged, ...notes, ...(isSilent ? [] : [engineDiff(changes)])]);
  }
  return joined([
    head,
    totals(review, effects),
    BEFORE[before.kind],
    ...section("Hosts", texts("host"), BUDGET.hosts),
    ...section("Agents", texts("agent"), BUDGET.agents),
    ...section(
      "Ways to make capacity",
      options.map(({ what, monthly, downtime, allowed, chosen }) => {
        const state = chosen ? "chosen" : allowed ? "more expensive" : "not allowed by hosts.\\*.growth";
        return `${escapeText(what)}: +${priceOf(monthly, cost.currency)} a month, downtime ${escapeText(downtime)} (${state})`;
      }),
      BUDGET.options,
    ),
    ...notes,
    engineDiff(changes),
  ]);
}

/** In place of a plan, where the configuration is refused: the reasons, as the command line gives them. */
export function renderRefusal(stack: string, message: string): string {
  const { kept, left } = within(message.split("\n"), BUDGET.refusal);
  const lines = left === 0 ? kept : [...kept, `... and ${plural(left, "line")} more`];
  return joined([`${markerOf(stack)}\n${titleOf(stack)}`, "The configuration is refused.", codeBlock(lines)]);
}
