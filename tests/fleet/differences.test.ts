import { describe, expect, it } from "vitest";
import { differencesOf } from "../../fleet/differences.ts";
import { agentsOf, planOf, registryOf, TAILNET } from "../support/fleets.ts";

function compared(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const base = planOf(before);
  return differencesOf(base, planOf(after, registryOf(agentsOf(base)))).map(
    ({ kind, name, what }) => `${kind} ${name}: ${what.join(", ")}`,
  );
}

const bob = (entry: object) => ({ agents: { alice: {}, bob: entry } });

describe("differencesOf", () => {
  it.each([
    ["nothing in an agent that is added", { agents: { alice: {}, bob: {}, carol: {} } }, []],
    ["nothing in an agent that is removed", { agents: { alice: {} } }, []],
    [
      "a new image",
      { image: "registry.example.com/openclaw/openclaw:2026.9.6" },
      ["agent alice: image", "agent bob: image"],
    ],
    ["another class", bob({ class: "heavy" }), ["agent bob: class"]],
    ["open egress", bob({ egress: "open" }), ["agent bob: egress"]],
    ["another allowlist", bob({ egress: ["example.com"] }), ["agent bob: egress"]],
    ["a variable", bob({ env: { TZ: "Europe/Berlin" } }), ["agent bob: environment"]],
    ["a label", bob({ labels: { team: "red" } }), ["agent bob: labels"]],
    ["another model", bob({ model: "anthropic/claude-haiku" }), ["agent bob: configuration"]],
    ["another access", bob({ access: "loopback" }), ["agent bob: configuration, address"]],
    ["an agent switched off", bob({ enabled: false }), ["agent bob: switched off"]],
    [
      "the time that agents get",
      { defaults: { startSeconds: 60, stopSeconds: 5 } },
      ["agent alice: time to start, time to stop", "agent bob: time to start, time to stop"],
    ],
    ["the ingress's image", { ingress: { image: "caddy:2.12.0" } }, ["host one: ingress's image"]],
    ["the ingress's setting", { ingress: { listen: ["127.0.0.1"] } }, ["host one: ingress's configuration"]],
    [
      "the egress proxy's port",
      { egressProxy: { port: 3129 } },
      ["host one: egress proxy's configuration", "agent alice: environment", "agent bob: environment"],
    ],
    [
      "another Docker daemon",
      { hosts: { one: { kind: "docker", address: "tcp://one:2375" } } },
      ["host one: Docker daemon"],
    ],
    [
      "a service that is added",
      { tailscale: TAILNET },
      ["host one: ingress's container, tailnet node added"],
    ],
  ])("finds %s", (_, after, expected) => {
    expect(compared({}, after)).toEqual(expected);
  });

  it.each([
    ["another image", { ...TAILNET, image: "tailscale/tailscale:v2" }, "tailnet node's image"],
    [
      "another control server",
      { ...TAILNET, loginServer: "https://headscale.example.com" },
      "tailnet node's container",
    ],
    ["its removal", undefined, "ingress's container, tailnet node removed"],
  ])("finds a change of the tailnet node: %s", (_, tailscale, expected) => {
    expect(compared({ tailscale: TAILNET }, { tailscale })).toEqual([`host one: ${expected}`]);
  });

  it("finds an agent switched on again", () => {
    expect(compared(bob({ enabled: false }), {})).toEqual(["agent bob: switched on"]);
  });

  it("does not call a service reconfigured because its agents changed", () => {
    expect(compared({}, bob({ egress: ["example.com"] }))).toEqual(["agent bob: egress"]);
  });
});
