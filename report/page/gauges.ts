/** How full a host is in each dimension, as bars. */

import { amountsOf, barOf, levelOf, shareText, type Utilization, WORDINGS } from "./dimensions.ts";
import { type Html, html, NOTHING } from "./html.ts";

const lookOf = ({ share, isBottleneck }: Utilization): string =>
  `bar ${levelOf(share)}${isBottleneck ? " top" : ""}${share === null ? " none" : ""}`;

const tell = ({ name, use, share, isBottleneck }: Utilization): string =>
  `${WORDINGS[name].label} ${amountsOf(name, use)}${share === null ? "" : `, ${shareText(share)}`}${isBottleneck ? ", the bottleneck" : ""}`;

export const renderGauges = (utilization: readonly Utilization[]): Html =>
  html`<dl class="gauges">${utilization.map(
    (one) =>
      html`<div${one.isBottleneck ? html` class="top"` : NOTHING}><dt>${WORDINGS[one.name].label}${one.isBottleneck ? html` <em>bottleneck</em>` : NOTHING}</dt><dd>${amountsOf(one.name, one.use)}${one.share === null ? NOTHING : html` <b>${shareText(one.share)}</b>`}</dd><dd class="${lookOf(one)}" style="${barOf(one.share)}" aria-hidden="true"></dd></div>`,
  )}</dl>`;

/** Where there is space for five lines and three words. The numbers are in the table below the boxes. */
export function renderMeters(utilization: readonly Utilization[]): Html {
  const words = utilization.map(tell).join("; ");
  const bottleneck = utilization.find(({ isBottleneck }) => isBottleneck);
  const most =
    bottleneck === undefined
      ? "–"
      : html`<b>${shareText(bottleneck.share)}</b> ${WORDINGS[bottleneck.name].short}`;
  return html`<div class="meters" role="img" aria-label="${words}" title="${words}">${utilization.map(
    (one) => html`<i class="${lookOf(one)}" style="${barOf(one.share)}"></i>`,
  )}</div><p class="bottleneck">${most}</p>`;
}
