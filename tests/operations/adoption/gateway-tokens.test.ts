import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import type { OwnObject } from "../../../fleet/docker/adoption.ts";
import { gatewayTokens } from "../../../operations/adoption/gateway-tokens.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const OTHER = "f".repeat(32);
const CONNECTIONS = new Map([["one", { address: "unix:///one.sock", sshOptions: [] }]]);

const object = (agent: string, name = `fleet.test.${agent}`): OwnObject => ({
  host: "one",
  kind: "container",
  object: { id: agent, name, labels: { "agent-fleet.stack": "test", "agent-fleet.agent": agent } },
});

const daemon =
  (environments: Readonly<Record<string, readonly string[]>>): (() => Docker) =>
  () =>
    ({
      getContainer: (id: string) => ({ inspect: async () => ({ Config: { Env: environments[id] } }) }),
    }) as unknown as Docker;

describe("the gateways' tokens", () => {
  it("are those that their containers were started with", async () => {
    const tokens = await gatewayTokens(
      [
        object("alice"),
        object("bob"),
        object("carol"),
        object("dave", "elsewhere"),
        { ...object("eve"), kind: "network" },
        { ...object("frank"), host: "unknown" },
      ],
      CONNECTIONS,
      "test",
      daemon({
        alice: ["A=1", `OPENCLAW_GATEWAY_TOKEN=${TOKEN}`],
        bob: ["OPENCLAW_GATEWAY_TOKEN=by-hand"],
        carol: [`OTHER_OPENCLAW_GATEWAY_TOKEN=${OTHER}`, `OPENCLAW_GATEWAY_TOKEN=${TOKEN}`],
        dave: [`OPENCLAW_GATEWAY_TOKEN=${TOKEN}`],
        eve: [`OPENCLAW_GATEWAY_TOKEN=${TOKEN}`],
        frank: [`OPENCLAW_GATEWAY_TOKEN=${TOKEN}`],
      }),
    );
    expect(Object.fromEntries(tokens)).toEqual({ alice: TOKEN, carol: TOKEN });
  });
});
