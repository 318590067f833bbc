import { DnsRecord } from "@pulumi/cloudflare/dnsRecord.js";
import { Provider } from "@pulumi/cloudflare/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { DnsRecord as RecordPlan } from "../fleet/plan/dns.ts";
import { RateLimiter } from "./rate-limiter.ts";

export interface DnsZoneArgs {
  readonly zoneId: string;
  readonly token: pulumi.Input<string> | undefined;
  /** Another API than Cloudflare's own. */
  readonly baseUrl: string | undefined;
  /** By a record's name: what it resolves to already. */
  readonly known: ReadonlyMap<string, string>;
}

/**
 * Cloudflare blocks every call for five minutes after the 1200th in five minutes, and its provider does not count. A record
 * is one call; the rest is left to other users of the account.
 */
const CALLS = 900;
const WINDOW_MS = 300_000;

/** The zone of the agents' names. */
export class DnsZone extends pulumi.ComponentResource {
  readonly #args: DnsZoneArgs;
  readonly #provider: Provider;
  readonly #limiter = new RateLimiter(CALLS, WINDOW_MS);

  constructor(name: string, args: DnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("agent-fleet:index:DnsZone", name, { zoneId: args.zoneId }, opts);
    this.#args = args;
    const { token, baseUrl } = args;
    this.#provider = new Provider(
      name,
      { ...(token === undefined ? {} : { apiToken: token }), ...(baseUrl === undefined ? {} : { baseUrl }) },
      { parent: this },
    );
    this.registerOutputs({});
  }

  /**
   * @param address what the record resolves to
   * @param parent what the record is for; the zone itself for the wildcard
   */
  addRecord(
    { name, type, ttl }: RecordPlan,
    address: pulumi.Output<string>,
    parent: pulumi.Resource = this,
  ): void {
    const content = address.apply(async (value) => {
      const isCalled = this.#args.known.get(name) !== value && !pulumi.runtime.isDryRun();
      if (isCalled) await this.#limiter.acquire();
      return value;
    });
    new DnsRecord(
      // By its full name, which is unique: the provider ignores some changes of a name.
      name,
      // Not proxied: Cloudflare's free plans proxy no wildcard, and the ingress needs its clients' addresses.
      { zoneId: this.#args.zoneId, name, type, content, ttl, proxied: false },
      { parent, provider: this.#provider },
    );
  }
}
