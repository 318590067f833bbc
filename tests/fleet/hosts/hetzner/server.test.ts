import { describe, expect, it } from "vitest";
import { planFleet } from "../../../../fleet/plan/plan.ts";
import { FleetError } from "../../../../fleet/config/problem.ts";
import type { RentedServerPlan } from "../../../../fleet/hosts/hetzner/server.ts";
import type { RegisteredServer, Registry } from "../../../../fleet/placement/slots.ts";
import { CATALOGUE } from "../../../../stacks/catalogue.ts";
import { config, fleet, LOGIN } from "../../../support/fleets.ts";

const TAILNET = { tailnet: "tail1234.ts.net" };
const group = (settings: object = {}) => ({
  kind: "hetzner",
  ...LOGIN,
  locations: ["fsn1"],
  ...settings,
});
const cx23: RegisteredServer = { serverType: "cx23", location: "fsn1" };
const identity = {
  server: "42",
  serverType: "cx23",
  volumeGb: 10,
  hostKey: "ssh-ed25519 BBBB",
  docker: "26.1.5",
};

const plan = (changes: Record<string, unknown> = {}, registry: Partial<Registry> = {}) =>
  planFleet(
    fleet({ hosts: { eu: group() }, agents: { alice: {} }, ...changes }),
    { servers: {}, agents: {}, ...registry },
    "Prod_1",
    CATALOGUE,
  );
const servers = (...args: Parameters<typeof plan>): RentedServerPlan[] =>
  plan(...args).hosts.flatMap(({ origin }) => (origin.kind === "hetzner" ? [origin] : []));
const problems = (...args: Parameters<typeof plan>): string[] => {
  try {
    plan(...args);
  } catch (error) {
    if (error instanceof FleetError) return error.problems.map(({ path, message }) => `${path} | ${message}`);
    throw error;
  }
  return [];
};

describe("a rented server", () => {
  it("has a name that a cloud takes, and Debian", () => {
    expect(servers()).toMatchObject([
      { physicalName: "fleet-prod-1-eu-1", image: "debian-13", serverType: "cx23", volumeGb: 10 },
    ]);
  });

  it("is told the same as all of its group, and nothing secret", () => {
    const [first, second, ...rest] = servers({
      agents: { alice: { isolation: "dedicated" }, bob: { isolation: "dedicated" } },
    });
    expect(rest).toEqual([]);
    expect(first?.userData).toBe(second?.userData);
    expect(first?.userData).toContain(LOGIN.publicKeys[0]);
    expect(first?.userData).not.toMatch(/eu-1|alice|Prod_1/);
  });

  it("keeps a data volume that is larger than its type would get: none can be made smaller", () => {
    const known = { servers: { "eu-1": { ...cx23, volumeGb: 80 } } };
    expect(servers({}, known)[0]?.volumeGb).toBe(80);
    expect(servers({ hosts: { eu: group({ volumePerMemory: 0 }) } }, known)[0]?.volumeGb).toBe(80);
    expect(servers({ hosts: { eu: group({ volumePerMemory: 0 }) } })[0]?.volumeGb).toBe(0);
  });

  it("stands apart from nine others, in a group that its number says", () => {
    const known = Object.fromEntries([1, 10, 11].map((number) => [`eu-${number}`, cx23]));
    const spreads = servers({}, { servers: known }).map(({ physicalName, spread }) => [
      physicalName.slice(-5),
      spread,
    ]);
    expect(spreads).toEqual([
      ["-eu-1", "eu-spread-1"],
      ["eu-10", "eu-spread-1"],
      ["eu-11", "eu-spread-2"],
    ]);
  });

  it("is protected until it is drained, unless its group is not", () => {
    const known = { servers: { "eu-1": cx23, "eu-2": cx23 } };
    const isProtected = (settings: object) =>
      servers({ hosts: { eu: group(settings) } }, known).map((server) => server.isProtected);
    expect(isProtected({})).toEqual([true, true]);
    expect(isProtected({ drain: ["eu-2"] })).toEqual([true, false]);
    expect(isProtected({ protection: false })).toEqual([false, false]);
  });
});

describe("what rented servers share", () => {
  it("is nothing where none is rented", () => {
    expect(plan({ hosts: { one: { kind: "docker" } } }).site).toBeUndefined();
  });

  it("has a subnet for each network zone, which others do not move", () => {
    const hosts = { eu: group(), us: group({ families: ["cpx"], locations: ["hil"] }) };
    const subnets = (agents: object) => plan({ hosts, agents }).site?.network.subnets;
    expect(subnets({ alice: { host: "eu" }, bob: { host: "us" } })).toEqual({
      "eu-central": "10.80.0.0/19",
      "us-west": "10.80.64.0/19",
    });
    expect(subnets({ bob: { host: "us" } })).toEqual({ "us-west": "10.80.64.0/19" });
  });

  it("lets in SSH from where it is told, and the ingress's ports", () => {
    const firewall = (changes: Record<string, unknown>) => plan(changes).site?.groups[0]?.firewall;
    expect(firewall({})).toEqual({ sshFrom: LOGIN.sshFrom, ports: [443] });
    expect(firewall({ ingress: { httpPort: 80, port: 8443 } })?.ports).toEqual([80, 8443]);
  });
});

describe("servers whose SSH is closed", () => {
  const closed = { hosts: { eu: group({ sshFrom: [] }) }, tailscale: TAILNET };

  it("are reached over the tailnet, once they are in it", () => {
    const known = { servers: { "eu-1": { ...cx23, identity } } };
    expect(servers(closed, known)[0]?.sshAddress).toBe("prod-1-eu-1.tail1234.ts.net");
    expect(servers({ tailscale: TAILNET }, known)[0]?.sshAddress).toBeUndefined();
  });

  it("cannot be new: nobody could reach them", () => {
    expect(problems(closed)).toEqual([
      "hosts.eu.sshFrom | eu-1 is new and not yet in the tailnet, so nobody could reach it",
    ]);
  });
});

describe("a zone's records", () => {
  const apart = { alice: { spread: "x" }, bob: { spread: "x" }, carol: { spread: "x" } };
  const dns = (maxRecords: number) => ({ kind: "cloudflare", zoneId: "0".repeat(32), maxRecords });

  it("are refused before anything is made where the zone has no room for them", () => {
    expect(problems({ agents: apart, dns: dns(3) })).toEqual([]);
    expect(problems({ agents: apart, dns: dns(2) })).toEqual([
      "dns.maxRecords | the fleet needs 3 records: a wildcard, and one for each agent that lives on another host than eu-1",
    ]);
  });

  it("lead to the address that a server has already, or to one that is not known yet", () => {
    const value = (servers: Registry["servers"]) => plan({}, { servers }).records.map((each) => each.value);
    expect(value({})).toEqual([null]);
    expect(value({ "eu-1": { ...cx23, address: "203.0.113.9" } })).toEqual(["203.0.113.9"]);
  });
});

describe("wildcard certificates", () => {
  it("are warned of where a week gives too few of them", () => {
    const roster = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`a${index}`, { isolation: "dedicated" }]),
      );
    const notices = (count: number, agents: Registry["agents"] = {}) =>
      plan(
        { agents: roster(count), ingress: { tls: "wildcard", image: "caddy-with-cloudflare:2.11.4" } },
        { agents, servers: { "eu-1": cx23 } },
      ).notices;
    expect(notices(5)).toEqual([]);
    expect(notices(6)).toEqual([
      "6 hosts need a certificate for *.agents.example.com, and Let's Encrypt gives 5 a week for the same names: bring them up in several weeks. Until then the agents on the others cannot be reached.",
    ]);
    expect(notices(6, { a0: { host: "eu-1", slot: 0 } })).toEqual([]);
  });
});

describe("the ways in", () => {
  const agents = { alice: {}, bob: { access: "tailscale" }, carol: { access: "loopback" } };
  const { agents: planned, hosts, records } = plan({ agents, tailscale: TAILNET });

  it("are an address each", () => {
    expect(planned.map(({ url }) => url)).toEqual([
      "https://alice.agents.example.com",
      "https://prod-1-eu-1.tail1234.ts.net:18801",
      "http://127.0.0.1:18802",
    ]);
  });

  it("are what the gateway takes requests from, and nothing else", () => {
    for (const { config: text, url } of planned) {
      expect(JSON.parse(text).gateway).toMatchObject({
        publicOrigin: url,
        controlUi: { allowedOrigins: [url] },
      });
    }
  });

  it("lead through the doors that they are named by", () => {
    const [front, side] = [hosts[0]?.ingress.config ?? "", hosts[0]?.tailnet?.config ?? ""];
    expect(front).toContain('"alice.agents.example.com"');
    expect(front).not.toMatch(/"(?:bob|carol)\.agents/);
    for (const port of [18_800, 18_801, 18_802]) expect(front).toContain(`"127.0.0.1:${port}"`);
    expect(Object.keys(JSON.parse(side).Web)).toEqual(["${TS_CERT_DOMAIN}:18801"]);
    // SSH too, where the server is rented: for when it is closed to the internet.
    expect(JSON.parse(side).TCP).toEqual({
      22: { TCPForward: "172.17.0.1:22" },
      18801: { HTTPS: true },
    });
    expect(front).toContain('"unix//agents/18801.sock"');
    expect(records.map(({ name }) => name)).toEqual(["*.agents.example.com"]);
  });

  it("are none but the ingress where there is no tailnet", () => {
    expect(
      planFleet(fleet(config()), { servers: {}, agents: {} }, "test", CATALOGUE).hosts[0]?.tailnet,
    ).toBe(undefined);
  });
});
