import { describe, expect, it } from "vitest";
import { ingress } from "../../../../fleet/services/ingress/service.ts";
import { ingressSettings } from "../../../../fleet/services/ingress/settings.ts";
import { servedAgents } from "../../../support/cases.ts";

const context = {
  stack: "test",
  host: "one",
  domain: "agents.example.com",
  agents: servedAgents({ agents: [{ name: "alice" }] }),
  services: new Set(["ingress"]),
  sshAddress: undefined,
};
const plan = (settings: object = {}) => ingress.plan(ingressSettings.parse(settings), context);

describe("the ingress", () => {
  it("runs on the host's network with the one capability that its ports need", () => {
    expect(plan().container).toMatchObject({
      networkMode: "host",
      capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
    });
  });

  it("opens its ports to everyone, plain HTTP only where it is asked for", () => {
    const ports = (settings: object) => ingress.ports(ingressSettings.parse(settings));
    expect(ports({})).toEqual([
      { setting: "ingress.port", port: 443, addresses: ["0.0.0.0"], openTo: "everyone" },
    ]);
    expect(ports({ port: 8443, httpPort: 80 })).toEqual([
      { setting: "ingress.port", port: 8443, addresses: ["0.0.0.0"], openTo: "everyone" },
      { setting: "ingress.httpPort", port: 80, addresses: ["0.0.0.0"], openTo: "everyone" },
    ]);
  });

  it.each([
    [["0.0.0.0"], "127.0.0.1"],
    [["203.0.113.1"], "203.0.113.1"],
    [["2001:db8::1", "203.0.113.1"], "203.0.113.1"],
  ])("is asked for its health where it listens: %j", (listen, address) => {
    expect(ingress.health(ingressSettings.parse({ listen, port: 8443 })).at(-1)).toContain(
      `/dev/tcp/${address}/8443`,
    );
  });

  it("has its configuration reloaded, so that no WebSocket of another agent is closed", () => {
    const { load } = plan().loader;
    expect(load).toContain("caddy reload --config /config/caddy.json --address unix//service/admin.sock");
    // Kept only once Caddy has accepted it.
    expect(load.indexOf("caddy reload")).toBeLessThan(load.indexOf("/service/next"));
  });

  it("needs a DNS token for wildcards alone", () => {
    const needs = (settings: object) => ingress.needsCredentials(ingressSettings.parse(settings));
    expect([needs({}), needs({ tls: "acme" }), needs({ tls: "wildcard" })]).toEqual([false, false, true]);
    expect(ingress.credentials.map(({ variable }) => variable)).toEqual(["ACME_DNS_TOKEN"]);
  });
});
