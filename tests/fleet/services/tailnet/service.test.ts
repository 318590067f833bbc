import { describe, expect, it } from "vitest";
import { nodeAddress, nodeName, tailnet } from "../../../../fleet/services/tailnet/service.ts";
import type { TailnetSettings } from "../../../../fleet/services/tailnet/settings.ts";
import { servedAgents } from "../../../support/cases.ts";

const SETTINGS: TailnetSettings = { tailnet: "tail1234.ts.net", image: "tailscale/tailscale:v1.104.5" };
const plan = (settings: TailnetSettings = SETTINGS) =>
  tailnet.plan(settings, {
    stack: "prod",
    host: "eu-1",
    domain: "agents.example.com",
    agents: servedAgents({
      agents: [
        { name: "alice" },
        { name: "bob", access: "tailscale" },
        { name: "carol", access: "loopback" },
      ],
    }),
    services: new Set(["tailnet"]),
    sshAddress: undefined,
  });

describe("the tailnet node", () => {
  it("serves the agents whose access it is, and no others", () => {
    expect(JSON.parse(plan().config).TCP).toEqual({ "18801": { HTTPS: true } });
  });

  it("is not on the host's network, because it forwards whatever it does not serve to 127.0.0.1", () => {
    expect(plan().container).toMatchObject({ networkMode: "bridge", capabilities: { drops: ["ALL"] } });
  });

  it("has a name in the tailnet that no other stack's host has", () => {
    expect(nodeName("prod", "eu-1")).toBe("prod-eu-1");
    expect(nodeName("a", "b-c")).not.toBe(nodeName("a-b", "c"));
    expect(nodeAddress("prod", "eu-1", SETTINGS)).toBe("prod-eu-1.tail1234.ts.net");
    expect(plan().container.environment).toContain("TS_HOSTNAME=prod-eu-1");
  });

  it("joins another control server where one is configured", () => {
    const extra = (settings?: TailnetSettings) =>
      plan(settings).container.environment.filter((variable) => variable.startsWith("TS_EXTRA_ARGS"));
    expect(extra()).toEqual([]);
    expect(extra({ ...SETTINGS, loginServer: "https://headscale.example.com" })).toEqual([
      "TS_EXTRA_ARGS=--login-server=https://headscale.example.com",
    ]);
  });

  it("opens no port, needs a key, and holds it in no setting", () => {
    expect(tailnet.ports(SETTINGS)).toEqual([]);
    expect(tailnet.needsCredentials(SETTINGS)).toBe(true);
    expect(tailnet.credentials.map(({ variable }) => variable)).toEqual(["TS_AUTHKEY"]);
    expect(plan().container.environment.join()).not.toContain("TS_AUTHKEY");
  });
});
