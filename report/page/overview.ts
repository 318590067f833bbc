/** The whole fleet at a glance: some sentences, and one column for each host. */

import { barOf, bottleneckOf, levelOf, shareText, type Utilization, WORDINGS } from "./dimensions.ts";
import { anchorOf, marksOf, type NamedHost } from "./host.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { counted, gib } from "./words.ts";

/** Fewer are seen at a glance where they are drawn. */
const COLUMNS_FROM = 4;

function memoryOf(hosts: readonly NamedHost[]): string {
  const known = hosts.flatMap(([, { use }]) =>
    use.memory.of === null ? [] : [{ used: use.memory.used, of: use.memory.of }],
  );
  if (known.length === 0) return "No host's memory is configured.";
  const used = known.reduce((total, memory) => total + memory.used, 0);
  const of = known.reduce((total, memory) => total + memory.of, 0);
  const unknown = hosts.length - known.length;
  return `${gib(used)} of ${gib(of)} GiB of memory are set aside${unknown === 0 ? "" : `; of ${counted(unknown, "host")} the memory is not configured`}.`;
}

const tell = ({ name, share }: Utilization): string => `${shareText(share)} of its ${WORDINGS[name].label}`;

function renderSummary(hosts: readonly NamedHost[]): Html {
  const shareOf = ([, host]: NamedHost): number => bottleneckOf(host)?.share ?? 0;
  const fullestFirst = hosts.toSorted((a, b) => shareOf(b) - shareOf(a));
  const [first] = fullestFirst;
  const middle = fullestFirst[Math.floor(hosts.length / 2)];
  const most = first === undefined ? undefined : bottleneckOf(first[1]);
  const comparison =
    first === undefined || middle === undefined || most === undefined || hosts.length === 1
      ? NOTHING
      : html` The fullest is <b>${first[0]}</b> with ${tell(most)}; half of the hosts are at ${shareText(shareOf(middle))} or more.`;
  return html`<p>${memoryOf(hosts)}${comparison}</p>`;
}

function renderColumn([name, host]: NamedHost, index: number): Html {
  const bottleneck = bottleneckOf(host);
  const share = bottleneck?.share ?? null;
  const marks = marksOf(host);
  const label = [
    `${name}: ${bottleneck === undefined ? "nothing known to be used" : tell(bottleneck)}`,
    ...marks,
  ].join(", ");
  return html`<a class="${[levelOf(share), ...marks].join(" ")}" href="#${anchorOf(index)}" style="${barOf(share)}" title="${label}" aria-label="${label}"></a>`;
}

export function renderOverview(hosts: readonly NamedHost[]): Html {
  if (hosts.length === 0) return html`<p>The fleet has no hosts.</p>`;
  if (hosts.length < COLUMNS_FROM) return renderSummary(hosts);
  return html`${renderSummary(hosts)}<nav class="strip" aria-label="How full each host is">${hosts.map(renderColumn)}</nav><p class="note">A column for each host, by name: how full it is in its bottleneck. Underlined: new; dotted: draining.</p>`;
}
