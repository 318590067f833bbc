/** The numbers behind boxes that are too small to name them. */
import { DIMENSIONS } from "../../fleet/placement/sizing.ts";
import { amountsOf, utilizationsOf, WORDINGS } from "./dimensions.ts";
import { anchorOf, kindOf, marksOf, type NamedHost } from "./host.ts";
import { type Html, html } from "./html.ts";
import { money } from "./words.ts";

function renderRow([name, host]: NamedHost, index: number, currency: string): Html {
  return html`<tr><th scope="row"><a href="#${anchorOf(index)}">${name}</a></th><td>${kindOf(host)}</td><td>${host.location ?? "–"}</td><td>${host.serverType === null ? "–" : money(host.monthlyCost, currency)}</td>${utilizationsOf(
    host,
  ).map(({ name: dimension, use, isBottleneck }) =>
    isBottleneck
      ? html`<td><b>${amountsOf(dimension, use)}</b></td>`
      : html`<td>${amountsOf(dimension, use)}</td>`,
  )}<td>${marksOf(host).join(", ")}</td></tr>
`;
}

export const renderTable = (hosts: readonly NamedHost[], currency: string): Html =>
  html`<details class="panel"><summary>All hosts in numbers</summary><div class="scroll" role="region" aria-label="All hosts in numbers" tabindex="0"><table><thead><tr>${[
    "host",
    "type",
    "location",
    "a month, net",
    ...DIMENSIONS.map(({ name }) => WORDINGS[name].label),
    "",
  ].map(
    (title) => html`<th scope="col">${title}</th>`,
  )}</tr></thead><tbody>${hosts.map((host, index) => renderRow(host, index, currency))}</tbody></table></div></details>`;
