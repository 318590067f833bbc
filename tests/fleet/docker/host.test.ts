import { describe, expect, it } from "vitest";
import { hetznerGroup, planOf, TAILNET } from "../../support/fleets.ts";

const AGENTS = { alice: {}, bob: { access: "tailscale" }, carol: { access: "loopback" } };
const servicesOf = (changes: Record<string, unknown>) =>
  new Map(planOf(changes).hosts[0]?.services.map((service) => [service.name, service]));

describe("placeHost", () => {
  it("runs each service with the images and names of the stack", () => {
    const services = [...servicesOf({ tailscale: TAILNET }).values()];
    expect(services.map(({ name, image, objects }) => ({ name, image, ...objects }))).toEqual([
      {
        name: "ingress",
        image: "caddy:2.11.4",
        container: "fleet.test.host_ingress",
        volume: "fleet.test.host_ingress",
        loader: "fleet.test.host_ingress_config",
      },
      {
        name: "egress-proxy",
        image: "ubuntu/squid:6.6-24.04_beta",
        container: "fleet.test.host_egress_proxy",
        volume: "fleet.test.host_egress_proxy",
        loader: "fleet.test.host_egress_proxy_config",
      },
      {
        name: "tailnet",
        image: "tailscale/tailscale:v1.104.5",
        container: "fleet.test.host_tailnet",
        volume: "fleet.test.host_tailnet",
        loader: "fleet.test.host_tailnet_config",
      },
    ]);
  });

  it("runs no tailnet node where there is no tailnet", () => {
    expect([...servicesOf({}).keys()]).toEqual(["ingress", "egress-proxy"]);
  });

  it("shares the agents' sockets between ingress and tailnet node, and nothing where there is no tailnet", () => {
    const shared = [{ name: "agent-sockets", path: "/agents", object: "fleet.test.host_agent_sockets" }];
    const services = servicesOf({ tailscale: TAILNET });
    expect(services.get("ingress")?.sharedVolumes).toEqual(shared);
    expect(services.get("tailnet")?.sharedVolumes).toEqual(shared);
    expect(services.get("egress-proxy")?.sharedVolumes).toEqual([]);
    expect(servicesOf({}).get("ingress")?.sharedVolumes).toEqual([]);
  });

  it("names the credentials that a service needs with its settings, and no value", () => {
    const keys = (changes: Record<string, unknown>): string[] =>
      [...servicesOf(changes).values()].flatMap(({ credentials }) => credentials.map(({ key }) => key));
    expect(keys({})).toEqual([]);
    expect(keys({ tailscale: TAILNET })).toEqual(["tailscaleAuthKey"]);
    expect(keys({ ingress: { tls: "wildcard", image: "caddy-with-cloudflare:2.11.4" } })).toEqual([
      "acmeDnsToken",
    ]);
  });

  it("makes every access reachable through the services that it names", () => {
    const hosts = { eu: hetznerGroup() };
    const services = servicesOf({ hosts, agents: AGENTS, tailscale: TAILNET });
    const ingress = services.get("ingress")?.config.content ?? "";
    const tailnet = JSON.parse(services.get("tailnet")?.config.content ?? "{}");
    expect(ingress).toContain('"alice.agents.example.com"');
    expect(ingress).not.toMatch(/"(?:bob|carol)\.agents/);
    for (const port of [18_800, 18_801, 18_802]) expect(ingress).toContain(`"127.0.0.1:${port}"`);
    expect(Object.keys(tailnet.Web)).toEqual(["${TS_CERT_DOMAIN}:18801"]);
    // SSH too, where the server is ordered: for when it is closed to the internet.
    expect(tailnet.TCP).toEqual({ 22: { TCPForward: "172.17.0.1:22" }, 18801: { HTTPS: true } });
    expect(ingress).toContain('"unix//agents/18801.sock"');
  });

  it("does not serve the SSH of an operator's own host to the tailnet", () => {
    const tailnet = servicesOf({ agents: AGENTS, tailscale: TAILNET }).get("tailnet")?.config.content ?? "{}";
    expect(JSON.parse(tailnet).TCP).toEqual({ 18801: { HTTPS: true } });
  });

  it("lists a host's own agents in its services' configurations, and no other host's", () => {
    const hosts = { one: { kind: "docker" }, two: { kind: "docker", address: "tcp://two:1" } };
    const [one, two] = planOf({ hosts, agents: { alice: { host: "one" }, bob: { host: "two" } } }).hosts;
    const content = (host: typeof one): string =>
      host?.services.map(({ config }) => config.content).join("\n") ?? "";
    expect(content(one)).toContain("alice");
    expect(content(one)).not.toContain("bob");
    expect(content(two)).toContain("bob");
    expect(content(two)).not.toContain("alice");
  });
});
