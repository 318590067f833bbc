import { describe, expect, it } from "vitest";
import { placeAgent } from "../../../fleet/docker/agent.ts";
import { planOf, registryOf, settingsOf, TAILNET } from "../../support/fleets.ts";

const ALICE = registryOf({ alice: { host: "one", slot: 5 } });

describe("placeAgent", () => {
  it("derives every address and name of an agent from its slot and its name", () => {
    expect(planOf({ agents: { alice: {} } }, ALICE).agents[0]).toMatchObject({
      name: "alice",
      host: "one",
      slot: 5,
      url: "https://alice.agents.example.com",
      hostname: "alice.agents.example.com",
      loopbackPort: 18_805,
      network: {
        subnet: "10.96.0.40/29",
        bridge: "10.96.0.41",
        agent: "10.96.0.42",
        unusedGateway: "10.96.0.46",
      },
      object: "fleet.test.alice",
      volume: "fleet.test.alice",
      labels: { "agent-fleet.stack": "test", "agent-fleet.agent": "alice" },
    });
  });

  it("sends an agent's traffic to the egress proxy, and an open one's not", () => {
    const [alice, bob] = planOf({ agents: { alice: {}, bob: { egress: "open" } } }).agents;
    expect(alice?.env).toMatchObject({
      OPENCLAW_PROXY_URL: "http://10.96.0.1:3128",
      HTTPS_PROXY: "http://10.96.0.1:3128",
    });
    expect(Object.keys(bob?.env ?? {}).filter((key) => key.includes("PROXY"))).toEqual([]);
  });

  it("sets what the fleet owns over an operator's variable, should a rule have let it pass", () => {
    const [agent] = planOf({ agents: { alice: { env: { TZ: "UTC" } } } }).agents;
    if (agent === undefined) throw new Error("there is no agent");
    const env = {
      TZ: "UTC",
      NODE_OPTIONS: "--require=/tmp/x.js",
      HTTPS_PROXY: "http://evil.example",
      HOME: "/",
    };
    const ranges = { subnets: "10.96.0.0/16", ports: ["18800-18899"] };
    expect(placeAgent({ ...agent, env }, 0, ranges, settingsOf(), "test").env).toEqual(agent.env);
    expect(agent.env).toMatchObject({ TZ: "UTC", HOME: "/home/node" });
  });

  it("lets the gateway trust its own network's bridge alone", () => {
    for (const { config, network } of planOf().agents)
      expect(JSON.parse(config).gateway.trustedProxies).toEqual([network.bridge]);
  });

  it.each([
    [{}, "https://alice.agents.example.com"],
    [{ ingress: { port: 8443 } }, "https://alice.agents.example.com:8443"],
    [{ agents: { alice: { access: "loopback" } } }, "http://127.0.0.1:18800"],
    [
      { agents: { alice: { access: "tailscale" } }, tailscale: TAILNET },
      "https://test-one.tail1234.ts.net:18800",
    ],
  ])(
    "gives an agent an address by its access, and the gateway takes requests from that alone: %j",
    (changes, url) => {
      const [agent] = planOf({ agents: { alice: {} }, ...changes }).agents;
      expect(agent?.url).toBe(url);
      expect(JSON.parse(agent?.config ?? "").gateway).toMatchObject({
        publicOrigin: url,
        controlUi: { allowedOrigins: [url] },
      });
    },
  );
});
