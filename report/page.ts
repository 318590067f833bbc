/** A plan as a picture: one HTML page that needs nothing else, no script and no network. */

import { DIMENSIONS } from "../fleet/placement/sizing.ts";
import type { Drawing } from "./page/box.ts";
import { classesOf, renderLegend } from "./page/classes.ts";
import { WORDINGS } from "./page/dimensions.ts";
import { renderChanges, renderNotices, renderOptions, renderTotals } from "./page/head.ts";
import { hostsOf, renderHost } from "./page/host.ts";
import { Html, html, NOTHING } from "./page/html.ts";
import { renderOverview } from "./page/overview.ts";
import { scaleOf } from "./page/scale.ts";
import { STYLE } from "./page/style.ts";
import { renderTable } from "./page/table.ts";
import type { PlanReport } from "./report.ts";

/** No script at all, and nothing loaded. The icon that browsers ask a server for is an empty one of the page's own. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const METERS = html` The lines below a box are ${DIMENSIONS.map(({ name }) => WORDINGS[name].label).join(", ")}; the thick one is the host's bottleneck.`;

function renderHosts(report: PlanReport): Html {
  const hosts = hostsOf(report);
  if (hosts.length === 0) return NOTHING;
  const drawing: Drawing = { classes: classesOf(report), scale: scaleOf(report) };
  const { density } = drawing.scale;
  const isSmall = density === "small";
  return html`<section><h2>Hosts</h2>
<p>Each box is the memory that a host can give to agents, each layer in it what is set aside for one agent. All are drawn to one scale.${isSmall ? METERS : NOTHING}</p>
${renderLegend(drawing.classes, report)}
<div class="hosts ${density}">
${hosts.map((host, index) => renderHost(host, index, report, drawing))}</div>
${isSmall ? renderTable(hosts, report.cost.currency) : NOTHING}
</section>`;
}

export function renderPlanPage(report: PlanReport): string {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Plan of ${report.stack}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header><h1>Plan of <b>${report.stack}</b></h1>${renderTotals(report)}</header>
<main>
<section aria-label="Overview">${renderOverview(hostsOf(report))}</section>
<div class="panels">${[renderNotices(report), renderChanges(report), renderOptions(report)]}</div>
${renderHosts(report)}
</main>
</body>
</html>
`;
  return markup;
}
