/** How full a host is in each dimension, as bars. */
import { type Html, html, NOTHING } from "./html.ts";
import { amountsOf, barOf, type Fullness, levelOf, shareText, WORDINGS } from "./dimensions.ts";

const lookOf = ({ share, isScarcest }: Fullness): string =>
  `bar ${levelOf(share)}${isScarcest ? " top" : ""}${share === null ? " none" : ""}`;

const tell = ({ name, use, share, isScarcest }: Fullness): string =>
  `${WORDINGS[name].label} ${amountsOf(name, use)}${share === null ? "" : `, ${shareText(share)}`}${isScarcest ? ", the scarcest" : ""}`;

export const renderGauges = (utilization: readonly Fullness[]): Html =>
  html`<dl class="gauges">${utilization.map(
    (one) =>
      html`<div${one.isScarcest ? html` class="top"` : NOTHING}><dt>${WORDINGS[one.name].label}${one.isScarcest ? html` <em>scarcest</em>` : NOTHING}</dt><dd>${amountsOf(one.name, one.use)}${one.share === null ? NOTHING : html` <b>${shareText(one.share)}</b>`}</dd><dd class="${lookOf(one)}" style="${barOf(one.share)}" aria-hidden="true"></dd></div>`,
  )}</dl>`;

/** Where there is room for five lines and three words. The numbers are in the table below the boxes. */
export function renderMeters(utilization: readonly Fullness[]): Html {
  const words = utilization.map(tell).join("; ");
  const scarcest = utilization.find(({ isScarcest }) => isScarcest);
  const most =
    scarcest === undefined ? "–" : html`<b>${shareText(scarcest.share)}</b> ${WORDINGS[scarcest.name].short}`;
  return html`<div class="meters" role="img" aria-label="${words}" title="${words}">${utilization.map(
    (one) => html`<i class="${lookOf(one)}" style="${barOf(one.share)}"></i>`,
  )}</div><p class="scarcest">${most}</p>`;
}
