/** Cloudflare's API, version 4, on this machine: zones and their DNS records, with the limits of the free plan. */
import { type Api, startApi } from "./api.ts";
import type { DnsRecord } from "./cloudflare/dns-record.ts";
import { Refusal } from "./cloudflare/envelope.ts";
import { type BlockingLimit, LIMIT, Throttle } from "./cloudflare/limit.ts";
import { dnsRecords } from "./cloudflare/records.ts";
import { makeZone, type Zone, zones } from "./cloudflare/zones.ts";
import type { Answer } from "./http.ts";

/** As long as real ones are. */
export const CLOUDFLARE_TOKEN = "c".repeat(40);

const QUOTA = 200;

export interface CloudflareOptions {
  /** The domains whose zones there are. */
  readonly zones?: readonly string[];
  /** Records in a zone; the free plan's is 200. */
  readonly quota?: number;
  /** The real one's is 1200 calls in five minutes, and then five minutes without any. */
  readonly rateLimit?: Partial<BlockingLimit>;
  /** The records of a zone have changed; the answer waits for it. */
  readonly onChange?: (zone: string, records: readonly DnsRecord[]) => unknown;
}

export interface CloudflareFailure {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

export interface Cloudflare extends Api<CloudflareFailure> {
  readonly token: string;
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  /** What there is now in one zone, or in all. */
  records(zone?: string): DnsRecord[];
}

const missingZone = (wanted: string | undefined): Refusal => {
  const message = `Could not route to /zones/${wanted}, perhaps your object identifier is invalid?`;
  return new Refusal(404, { code: 7003, message });
};

function throttled(waitMs: number): Answer {
  const message = "Please wait and consider throttling your request speed";
  const headers = { "retry-after": String(Math.ceil(waitMs / 1000)) };
  return { ...new Refusal(429, { code: 971, message }).answer(), headers };
}

export async function startCloudflare(options: CloudflareOptions = {}): Promise<Cloudflare> {
  const { quota = QUOTA, onChange } = options;
  const all = (options.zones ?? ["example.com"]).map(makeZone);
  const throttle = new Throttle({ ...LIMIT, ...options.rateLimit });
  const zoneOf = (wanted: string | undefined): Zone => {
    const found = all.find(({ id }) => id === wanted);
    if (found) return found;
    throw missingZone(wanted);
  };
  const api = await startApi<CloudflareFailure>({
    root: "/client/v4",
    routes: { ...zones(all, zoneOf), ...dnsRecords(zoneOf, { quota, onChange }) },
    admit: ({ headers }) => {
      const waitMs = throttle.take();
      if (waitMs > 0) return throttled(waitMs);
      if (headers.authorization === `Bearer ${CLOUDFLARE_TOKEN}`) return undefined;
      return new Refusal(403, { code: 10000, message: "Authentication error" }).answer();
    },
    refuse: (error) => {
      if (error instanceof Refusal) return error.answer();
      throw error;
    },
    missing: () => new Refusal(404, { code: 7000, message: "No route for that URI" }).answer(),
    failed: ({ status, ...problem }) => new Refusal(status, problem).answer(),
    headers: () => throttle.headers(),
  });
  return {
    ...api,
    token: CLOUDFLARE_TOKEN,
    zones: all.map(({ id, name }) => ({ id, name })),
    records: (zone) =>
      all
        .filter(({ name }) => zone === undefined || name === zone)
        .flatMap((each) => [...each.records.values()]),
  };
}
