/** A host's memory as a box, filled with its agents' layers. */
import type { AgentReport, HostReport } from "../report.ts";
import type { Class } from "./classes.ts";
import { amountsOf } from "./dimensions.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { boxMb, pixels, type Scale } from "./scale.ts";
import { count, counted, gib } from "./words.ts";

export interface Tenant extends AgentReport {
  readonly name: string;
}

export interface Drawing {
  readonly classes: ReadonlyMap<string, Class>;
  readonly scale: Scale;
}

/** Borders between layers thinner than this would be all that is seen. */
const BORDERED_FROM = 4;

/** Any other scheme could be a script. */
const isLink = (url: string): boolean => /^https?:\/\//i.test(url);

export const isNamed = ({ reservationMb }: Tenant, scale: Scale): boolean =>
  pixels(reservationMb, scale) >= scale.label;

function renderLayer(tenant: Tenant, { classes, scale }: Drawing): Html {
  const { name, enabled, reservationMb, memoryMb, url } = tenant;
  const height = pixels(reservationMb, scale);
  const look = [
    "s",
    classes.get(tenant.class)?.look ?? "",
    ...(enabled ? [] : ["off"]),
    ...(height < BORDERED_FROM ? ["thin"] : []),
    ...(isNamed(tenant, scale) ? [] : ["mute"]),
  ].join(" ");
  const state = enabled ? "" : ", switched off";
  const reserved = `${tenant.class}, ${count(reservationMb)} MiB`;
  const title = `${name}: ${reserved} set aside, ${count(memoryMb)} MiB at most${state}`;
  const text = html`<b>${name}</b>${scale.density === "large" ? html`<span>${reserved}${state}</span>` : NOTHING}`;
  return isLink(url)
    ? html`<a class="${look}" style="height:${height}px" href="${url}" title="${title}">${text}</a>`
    : html`<div class="${look}" style="height:${height}px" title="${title}">${text}</div>`;
}

function renderFree(mebibytes: number, scale: Scale): Html {
  const height = pixels(mebibytes, scale);
  if (height === 0) return NOTHING;
  const text = `${gib(mebibytes)} GiB free`;
  return html`<div class="free" style="height:${height}px" title="${text}">${height < scale.label ? NOTHING : text}</div>`;
}

export function renderBox(host: HostReport, tenants: readonly Tenant[], drawing: Drawing): Html {
  const { scale } = drawing;
  const { memory } = host.use;
  const full = boxMb(host);
  if (full === 0) {
    return html`<p class="box open nothing">${scale.density === "small" ? "empty" : "No agents, and its memory is not configured."}</p>`;
  }
  const isOver = memory.of !== null && memory.used > memory.of;
  const brim = isOver
    ? html`<div class="brim" style="bottom:${pixels(memory.of ?? 0, scale)}px" title="Full here, at ${gib(memory.of ?? 0)} GiB"></div>`
    : NOTHING;
  const label = `Memory: ${amountsOf("memory", memory)} set aside for ${counted(tenants.length, "agent")}`;
  return html`<div class="box${memory.of === null ? " open" : ""}" style="height:${pixels(full, scale)}px" role="group" aria-label="${label}">${[
    brim,
    renderFree(full - memory.used, scale),
    ...tenants.map((tenant) => renderLayer(tenant, drawing)),
  ]}</div>`;
}
