import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { isSecret } from "pulumi-embedded-engine/values";
import type { Goal } from "pulumi-embedded-engine/wire";
import { afterEach, describe, expect, it, vi } from "vitest";
import { DnsZone, type DnsZoneArgs } from "../../components/dns-zone.ts";
import { RateLimiter } from "../../components/rate-limiter.ts";
import type { DnsRecord } from "../../fleet/plan/dns.ts";
import { registrationsOf } from "../support/project/recording-engine.ts";
import { goalOf, outline } from "../support/project/registrations.ts";

const ZONE_ID = "0123456789abcdef0123456789abcdef";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const WILDCARD = "*.agents.example.com";
const OWN = "alice.agents.example.com";

const record = (name: string): DnsRecord => ({
  name,
  type: "A",
  ttl: 300,
  value: null,
  host: "eu-1",
  agent: undefined,
});

interface Options {
  readonly dryRun?: boolean;
  readonly args?: Partial<DnsZoneArgs>;
  readonly created?: (goal: Goal) => void;
}

const register = (names: readonly string[], { dryRun = false, args = {}, created }: Options = {}) =>
  registrationsOf(
    () => {
      const zone = new DnsZone("dns", {
        zoneId: ZONE_ID,
        token: pulumi.secret("t"),
        baseUrl: undefined,
        known: new Map(),
        ...args,
      });
      for (const name of names) zone.addRecord(record(name), pulumi.output("203.0.113.9"));
    },
    {
      dryRun,
      created: (goal) => {
        created?.(goal);
        return {};
      },
    },
  );

afterEach(() => {
  vi.restoreAllMocks();
});

describe("DnsZone", () => {
  it("creates records that resolve to the host itself, not to Cloudflare's proxy", async () => {
    const goals = await register([WILDCARD]);
    expect(outline(goals)).toEqual([
      { type: RECORD, name: WILDCARD, parent: "dns" },
      { type: "pulumi:providers:cloudflare", name: "dns", parent: "dns" },
      { type: "agent-fleet:index:DnsZone", name: "dns", parent: "agent-fleet-test" },
    ]);
    expect(goalOf(goals, RECORD, WILDCARD).inputs).toEqual({
      zoneId: ZONE_ID,
      name: WILDCARD,
      type: "A",
      content: "203.0.113.9",
      ttl: 300,
      proxied: false,
    });
  });

  it("puts an agent's record below what it is for", async () => {
    class Route extends pulumi.ComponentResource {
      constructor() {
        super("test:index:Route", "alice");
      }
    }
    const goals = await registrationsOf(() => {
      const zone = new DnsZone("dns", {
        zoneId: ZONE_ID,
        token: undefined,
        baseUrl: undefined,
        known: new Map(),
      });
      zone.addRecord(record(OWN), pulumi.output("203.0.113.9"), new Route());
    });
    expect(goalOf(goals, RECORD, OWN).parent).toBe(goalOf(goals, "test:index:Route", "alice").urn);
  });

  it("gives the provider its token as a secret, or leaves it to the environment", async () => {
    const provider = async (args: Partial<DnsZoneArgs>) =>
      goalOf(await register([], { args }), "pulumi:providers:cloudflare", "dns").inputs;
    expect(isSecret((await provider({}))["apiToken"])).toBe(true);
    expect(await provider({ token: undefined })).not.toHaveProperty("apiToken");
    expect(await provider({ baseUrl: "http://127.0.0.1:1" })).toMatchObject({
      baseUrl: "http://127.0.0.1:1",
    });
  });
});

describe("the calls of a zone's records", () => {
  it("wait for their turn within Cloudflare's limit", async () => {
    const events: string[] = [];
    vi.spyOn(RateLimiter.prototype, "acquire").mockImplementation(async () => {
      await sleep(200);
      events.push("turn");
    });
    await register([WILDCARD], {
      created: ({ type }) => {
        if (type === RECORD) events.push("record");
      },
    });
    expect(events).toEqual(["turn", "record"]);
  });

  it("are made for records that change only", async () => {
    const acquire = vi.spyOn(RateLimiter.prototype, "acquire");
    await register([WILDCARD, OWN], {
      args: {
        known: new Map([
          [WILDCARD, "203.0.113.9"],
          [OWN, "203.0.113.8"],
        ]),
      },
    });
    expect(acquire).toHaveBeenCalledOnce();
  });

  it("are not made in a preview", async () => {
    const acquire = vi.spyOn(RateLimiter.prototype, "acquire");
    await register([WILDCARD], { dryRun: true });
    expect(acquire).not.toHaveBeenCalled();
  });
});
