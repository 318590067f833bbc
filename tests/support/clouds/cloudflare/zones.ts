import { createHash } from "node:crypto";
import type { Routes } from "../routes.ts";
import type { DnsRecord } from "./dns-record.ts";
import { ok, page } from "./envelope.ts";

const PER_PAGE = 20;

export interface Zone {
  /** The same for a name in every run. */
  readonly id: string;
  readonly name: string;
  readonly records: Map<string, DnsRecord>;
}

const hex = (text: string): string => createHash("md5").update(text).digest("hex");

export const makeZone = (name: string): Zone => ({ id: hex(name), name, records: new Map() });

const view = ({ id, name }: Zone) => ({
  ...{ id, name, status: "active", paused: false, type: "full", development_mode: 0 },
  name_servers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
  original_name_servers: null,
  activated_on: "2026-01-01T00:00:00.000000Z",
  created_on: "2026-01-01T00:00:00.000000Z",
  modified_on: "2026-01-01T00:00:00.000000Z",
  account: { id: hex("account"), name: "stand-in" },
  owner: { id: null, type: "user", email: null },
  plan: { id: hex("plan"), name: "Free Website", legacy_id: "free" },
  permissions: ["#dns_records:read", "#dns_records:edit", "#zone:read"],
  meta: { page_rule_quota: 3, phishing_detected: false, step: 4 },
});

export type ZoneOf = (wanted: string | undefined) => Zone;

export const zones = (all: readonly Zone[], zoneOf: ZoneOf): Routes => ({
  "GET /zones": ({ query }) => {
    const name = query.get("name");
    const found = all.filter((zone) => name === null || zone.name === name.toLowerCase());
    return page(found.map(view), query, PER_PAGE);
  },
  "GET /zones/:zone": ({ parts }) => ok(view(zoneOf(parts["zone"]))),
});
