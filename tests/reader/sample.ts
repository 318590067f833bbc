import type { FleetOutput } from "../../reader/schema.ts";

const agent = (name: string, slot: number): FleetOutput["agents"][string] => ({
  url: `https://${name}.agents.example.com`,
  access: "public",
  host: "one",
  slot,
  enabled: true,
  class: "light",
  memoryMb: 1024,
  image: "openclaw/openclaw:2026.9.6",
  container: `fleet.test.${name}`,
  volume: `fleet.test.${name}`,
  address: `10.96.0.${slot * 8 + 2}`,
  loopbackPort: 18_800 + slot,
});

/** A fleet of two, one of them disabled. */
export const SAMPLE: FleetOutput = {
  hosts: {
    one: {
      address: "unix:///var/run/docker.sock",
      hostKey: null,
      dataVolume: null,
      agents: ["alice", "bob"],
    },
  },
  agents: { alice: agent("alice", 0), bob: { ...agent("bob", 1), enabled: false } },
};

export const TOKENS = { alice: "token-of-alice", bob: "token-of-bob" };
