/** `/zones/:zone/dns_records`: fields, checks and codes as of the free plan. */
import { randomBytes } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import type { Asked, Routes } from "../routes.ts";
import { type DnsRecord, type Fields, fields } from "./dns-record.ts";
import { invalid, ok, page, Refusal } from "./envelope.ts";
import type { Zone, ZoneOf } from "./zones.ts";

const PER_PAGE = 100;
const PROXIABLE = ["A", "AAAA", "CNAME"];
const LONGEST_COMMENT = 100;

function fullName(zone: Zone, name: string): string {
  const lower = name.toLowerCase().replace(/\.$/, "");
  if (lower === "@" || lower === zone.name) return zone.name;
  return lower.endsWith(`.${zone.name}`) ? lower : `${lower}.${zone.name}`;
}

/** As Cloudflare writes it back. */
function canonical({ type, content = "" }: Fields): string {
  if (type === "AAAA") return new URL(`http://[${content}]`).hostname.slice(1, -1);
  return type === "CNAME" ? content.toLowerCase().replace(/\.$/, "") : content;
}

function check({ type, content, ttl, proxied, comment, tags }: Fields): void {
  if (type === "A" && !isIPv4(content ?? "")) {
    throw invalid(9005, "Content for A record must be a valid IPv4 address.");
  }
  if (type === "AAAA" && !isIPv6(content ?? "")) {
    throw invalid(9006, "Content for AAAA record must be a valid IPv6 address.");
  }
  if (proxied && !PROXIABLE.includes(type)) throw invalid(9004, "This record type cannot be proxied.");
  if (ttl !== 1 && (ttl < 60 || ttl > 86_400)) {
    throw invalid(9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.");
  }
  if ((comment?.length ?? 0) > LONGEST_COMMENT) {
    throw invalid(9313, `DNS record comment exceeds the maximum length of ${LONGEST_COMMENT} characters.`);
  }
  if (tags.length > 0) throw invalid(9300, `DNS record has ${tags.length} tags, exceeding the quota of 0.`);
}

function refuseConflict(zone: Zone, wanted: DnsRecord): void {
  for (const each of zone.records.values()) {
    if (each.id === wanted.id || each.name !== wanted.name) continue;
    if (each.type === wanted.type && each.content === wanted.content) {
      const same = each.ttl === wanted.ttl && each.proxied === wanted.proxied;
      throw new Refusal(
        400,
        same
          ? { code: 81058, message: "An identical record already exists." }
          : { code: 81057, message: "The record already exists." },
      );
    }
    if (!PROXIABLE.includes(each.type) || !PROXIABLE.includes(wanted.type)) continue;
    if (each.type === "CNAME") {
      throw new Refusal(400, { code: 81054, message: "A CNAME record with that host already exists." });
    }
    if (wanted.type === "CNAME") {
      const message = "An A, AAAA, or CNAME record with that host already exists.";
      throw new Refusal(400, { code: 81053, message });
    }
  }
}

const OPERATORS: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  "": (value, wanted) => value === wanted,
  ".exact": (value, wanted) => value === wanted,
  ".contains": (value, wanted) => value.includes(wanted),
  ".startswith": (value, wanted) => value.startsWith(wanted),
  ".endswith": (value, wanted) => value.endsWith(wanted),
};

function filter(records: readonly DnsRecord[], query: URLSearchParams): DnsRecord[] {
  const tests = (["name", "content", "comment", "type", "proxied"] as const).flatMap((field) =>
    Object.entries(OPERATORS).flatMap(([suffix, holds]) => {
      const wanted = query.get(`${field}${suffix}`)?.toLowerCase();
      if (wanted === undefined) return [];
      return [(record: DnsRecord) => holds(String(record[field] ?? "").toLowerCase(), wanted)];
    }),
  );
  return records.filter((record) =>
    query.get("match") === "any" && tests.length > 0
      ? tests.some((test) => test(record))
      : tests.every((test) => test(record)),
  );
}

function parse(body: unknown): Fields {
  const result = fields.safeParse(body);
  if (result.success) return result.data;
  const message = `${result.error.issues[0]?.path.join(".")}: ${result.error.issues[0]?.message}`;
  throw new Refusal(400, { code: 9207, message });
}

function json({ body }: Asked): Record<string, unknown> {
  try {
    return JSON.parse(body || "{}");
  } catch {
    throw new Refusal(400, { code: 9207, message: "Request body is invalid." });
  }
}

export interface RecordOptions {
  /** Of a zone; the free plan's is 200. */
  readonly quota: number;
  /** The records of a zone have changed; the answer waits for it. */
  readonly onChange?: ((zone: string, records: readonly DnsRecord[]) => unknown) | undefined;
}

export function dnsRecords(zoneOf: ZoneOf, { quota, onChange }: RecordOptions): Routes {
  const recordOf = (asked: Asked): { zone: Zone; record: DnsRecord } => {
    const zone = zoneOf(asked.parts["zone"]);
    const record = zone.records.get(asked.parts["id"] ?? "");
    if (!record) throw new Refusal(404, { code: 81044, message: "Record does not exist." });
    return { zone, record };
  };
  const changed = async ({ name, records }: Zone): Promise<void> => {
    await onChange?.(name, [...records.values()]);
  };
  const put = async (zone: Zone, wanted: Fields, before?: DnsRecord) => {
    check(wanted);
    const now = new Date().toISOString();
    const record: DnsRecord = {
      ...wanted,
      id: before?.id ?? randomBytes(16).toString("hex"),
      name: fullName(zone, wanted.name),
      content: canonical(wanted),
      ttl: wanted.proxied ? 1 : wanted.ttl,
      proxiable: PROXIABLE.includes(wanted.type),
      meta: {},
      created_on: before?.created_on ?? now,
      modified_on: now,
    };
    refuseConflict(zone, record);
    zone.records.set(record.id, record);
    await changed(zone);
    return ok(record);
  };
  return {
    "GET /zones/:zone/dns_records": (asked) =>
      page(filter([...zoneOf(asked.parts["zone"]).records.values()], asked.query), asked.query, PER_PAGE),
    "POST /zones/:zone/dns_records": (asked) => {
      const zone = zoneOf(asked.parts["zone"]);
      const wanted = parse(json(asked));
      if (zone.records.size >= quota)
        throw new Refusal(400, { code: 81045, message: "Record quota exceeded." });
      return put(zone, wanted);
    },
    "GET /zones/:zone/dns_records/:id": (asked) => ok(recordOf(asked).record),
    "PUT /zones/:zone/dns_records/:id": (asked) => {
      const { zone, record } = recordOf(asked);
      return put(zone, parse(json(asked)), record);
    },
    "PATCH /zones/:zone/dns_records/:id": (asked) => {
      const { zone, record } = recordOf(asked);
      return put(zone, parse({ ...record, ...json(asked) }), record);
    },
    "DELETE /zones/:zone/dns_records/:id": async (asked) => {
      const { zone, record } = recordOf(asked);
      zone.records.delete(record.id);
      await changed(zone);
      return ok({ id: record.id });
    },
  };
}
