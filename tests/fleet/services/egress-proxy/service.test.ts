import { describe, expect, it } from "vitest";
import { egressProxy } from "../../../../fleet/services/egress-proxy/service.ts";
import { egressProxySettings } from "../../../../fleet/services/egress-proxy/settings.ts";

const settings = egressProxySettings.parse({ port: 3129 });
const { container, loader } = egressProxy.plan(settings, {
  stack: "test",
  host: "one",
  domain: "agents.example.com",
  agents: [],
  services: new Set(["egress-proxy"]),
  sshAddress: undefined,
});

describe("the egress proxy", () => {
  it("is reachable for agents, and not from the internet", () => {
    expect(egressProxy.ports(settings)).toEqual([
      { setting: "egressProxy.port", port: 3129, addresses: ["0.0.0.0"], openTo: "agents" },
    ]);
  });

  it("runs without any capability and not as root", () => {
    expect(container).toMatchObject({ user: "proxy", capabilities: { drops: ["ALL"] }, networkMode: "host" });
    expect(container.capabilities.adds).toBeUndefined();
  });

  it("has its configuration checked before it reads it", () => {
    expect(loader.load.indexOf("squid -k parse")).toBeLessThan(loader.load.indexOf("kill -HUP 1"));
    expect(loader).toMatchObject({ sharesProcesses: true, capabilities: { adds: ["CAP_KILL"] } });
  });

  it("is asked for its health at its port, and needs no credentials", () => {
    expect(egressProxy.health(settings).at(-1)).toContain("/dev/tcp/127.0.0.1/3129");
    expect(egressProxy.needsCredentials(settings)).toBe(false);
  });
});
