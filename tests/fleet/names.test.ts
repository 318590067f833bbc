import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  agentObject,
  cloudName,
  hostnameOf,
  hostObject,
  httpsUrl,
  isServerOf,
  LOGICAL,
  ownerOf,
  parseServerName,
  serverName,
} from "../../fleet/names.ts";
import { SERVICES } from "../../fleet/services/index.ts";
import { AGENT_SOCKETS } from "../../fleet/services/tailnet/service.ts";
import "../support/properties.ts";

const CLOUD_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** As Pulumi accepts them. */
const stack = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/);
const slug = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,12}[a-z0-9])?$/);
/** Few letters, so that different parts often look alike. */
const lookalike = fc.stringMatching(/^[aA.-]{1,4}$/);
const parts = fc.oneof(
  fc.tuple(fc.constant("fleet"), stack, slug),
  fc.tuple(lookalike, lookalike, lookalike),
  fc.tuple(slug, slug, slug),
);

describe("cloudName", () => {
  it("is readable where its parts can be distinguished", () => {
    expect(cloudName("fleet", "prod", "eu-1")).toBe("fleet-prod-eu-1");
    expect(cloudName("fleet", "prod-eu")).toBe("fleet-prod-eu");
  });

  it("gives stacks whose names differ in punctuation or case different names", () => {
    const names = ["prod.eu", "prod_eu", "prod-eu", "PROD-eu"].map((each) => cloudName("fleet", each, "x-1"));
    expect(names).toEqual([
      expect.stringMatching(/^fleet-prod-eu-x-1--[0-9a-f]{8}$/),
      expect.stringMatching(/^fleet-prod-eu-x-1--[0-9a-f]{8}$/),
      expect.stringMatching(/^fleet-prod-eu-x-1--[0-9a-f]{8}$/),
      expect.stringMatching(/^fleet-prod-eu-x-1--[0-9a-f]{8}$/),
    ]);
    expect(new Set(names).size).toBe(4);
  });

  it("distinguishes host b-c of stack a from host c of stack a-b", () => {
    expect(cloudName("a", "b-c")).toBe("a-b-c");
    expect(cloudName("a-b", "c")).toMatch(/^a-b-c--[0-9a-f]{8}$/);
  });

  it("shortens a long name to 63 characters, and keeps long names apart that begin alike", () => {
    const long = "x".repeat(100);
    const names = ["1", "2"].map((end) => cloudName("fleet", long, `${"y".repeat(40)}-${end}`));
    expect(names.map(({ length }) => length)).toEqual([63, 63]);
    expect(new Set(names).size).toBe(2);
    expect(cloudName("fleet", "s".repeat(57))).toBe(`fleet-${"s".repeat(57)}`);
    expect(cloudName("fleet", "s".repeat(58))).toMatch(/^fleet-s{47}--[0-9a-f]{8}$/);
  });

  it("cannot be imitated by a part that looks like a hash", () => {
    const hashed = cloudName("fleet", "prod.eu");
    expect(cloudName(...hashed.split("-", 1), hashed.slice("fleet-".length))).not.toBe(hashed);
  });

  it("is a DNS label whatever a stack is called", () => {
    expect(cloudName("_", "one")).toMatch(CLOUD_NAME);
    expect(cloudName(".prod", "one")).toMatch(CLOUD_NAME);
    expect(cloudName("-")).toMatch(CLOUD_NAME);
    fc.assert(
      fc.property(parts, (all) => {
        expect(cloudName(...all)).toMatch(CLOUD_NAME);
      }),
    );
  });

  it("differs wherever one of as many parts differs", () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(cloudName(...one) === cloudName(...other)).toBe(one.every((part, at) => part === other[at]));
      }),
    );
  });

  it("does not change between runs and versions, because a change would replace servers", () => {
    expect(cloudName("fleet", "Prod_1", "eu-1")).toBe("fleet-prod-1-eu-1--eab56f13");
  });
});

describe("names of Docker objects", () => {
  const hostParts = [
    ...SERVICES.flatMap(({ name }) => [name, `${name}-config`]),
    AGENT_SOCKETS.name,
    "host-ingress",
  ];

  it("never give a host's object an agent's name", () => {
    const agents = ["ingress", "host", "host-ingress", "egress-proxy", "ingress-config", "agent-sockets"];
    const names = agents.map((agent) => agentObject("prod", agent));
    for (const part of hostParts) expect(names).not.toContain(hostObject("prod", part));
    fc.assert(
      fc.property(stack, slug, fc.constantFrom(...hostParts), (of, agent, part) => {
        expect(agentObject(of, agent)).not.toBe(hostObject(of, part));
      }),
    );
  });

  it("give every service of a host its own", () => {
    expect(new Set(hostParts.map((part) => hostObject("prod", part))).size).toBe(hostParts.length);
  });

  it("differ between stacks, also where one stack's name begins with another's", () => {
    const names = [
      agentObject("a", "b"),
      agentObject("a.b", "b"),
      agentObject("a-b", "b"),
      agentObject("A", "b"),
      agentObject("a", "a-b"),
    ];
    expect(new Set(names).size).toBe(names.length);
    fc.assert(
      fc.property(fc.tuple(stack, slug), fc.tuple(stack, slug), (one, other) => {
        expect(agentObject(...one) === agentObject(...other)).toBe(
          one[0] === other[0] && one[1] === other[1],
        );
      }),
    );
  });
});

describe("logical names", () => {
  const { service: _, loader: __, sharedVolume: ___, ...ofOwners } = LOGICAL;

  it.each(Object.entries(ofOwners))("of kind %s give their owner back", (_kind, logical) => {
    fc.assert(
      fc.property(slug, (owner) => {
        expect(ownerOf(logical(owner), logical)).toBe(owner);
      }),
    );
  });

  it("give no owner for a name of another kind", () => {
    expect(ownerOf("alice-token", LOGICAL.slot)).toBeUndefined();
    expect(ownerOf("one-ingress", LOGICAL.gateway)).toBeUndefined();
  });

  it("are what the state knows agents and hosts by, so they never change", () => {
    expect(Object.values(ofOwners).map((logical) => logical("x"))).toEqual([
      "x-slot",
      "x-token",
      "x-network",
      "x-data",
      "x-gateway",
      "x-verification-key",
      "x-facts",
    ]);
    expect(LOGICAL.service("one", "ingress")).toBe("one-ingress");
    expect(LOGICAL.loader("one", "ingress")).toBe("one-ingress-config");
    expect(LOGICAL.sharedVolume("one", "agent-sockets")).toBe("one-agent-sockets");
  });
});

describe("names of servers", () => {
  it("are their group's and a number, and give both back", () => {
    expect(serverName("eu-west", 12)).toBe("eu-west-12");
    expect(parseServerName("eu-west-12")).toEqual({ group: "eu-west", number: 12 });
    expect(isServerOf("eu-west-12", "eu-west")).toBe(true);
    expect(isServerOf("eu-west-12", "eu")).toBe(false);
  });

  it.each(["eu", "eu-0", "eu-01", "eu-", "-1", "eu-1a"])("cannot be %s", (name) => {
    expect(parseServerName(name)).toBeUndefined();
  });
});

describe("public names", () => {
  it("leave out the default HTTPS port, as browsers do in an origin", () => {
    expect(hostnameOf("alice", "agents.example.com")).toBe("alice.agents.example.com");
    expect(httpsUrl("a.example.com", 443)).toBe("https://a.example.com");
    expect(httpsUrl("a.example.com", 8443)).toBe("https://a.example.com:8443");
  });
});
