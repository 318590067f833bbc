/** What a plan says of agents that stay, against what the real program left in the state. */
import { beforeAll, describe, expect, it } from "vitest";
import { parseStack } from "../../fleet/config/parse.ts";
import { effectsOf } from "../../fleet/docker/effects.ts";
import { planFleet } from "../../fleet/plan-fleet.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { type StackState, type StateResource, stateOf } from "../../stacks/state.ts";
import { TAILNET } from "../support/fleets.ts";
import { parseFleet } from "../support/parse-fleet.ts";
import { providerOutputs } from "../support/project/exported-state.ts";
import { record } from "../support/project/registrations.ts";

const OLD_EGRESS = ["api.example.com", "old.example.com"];
const BEFORE = {
  domain: "agents.example.com",
  hosts: { one: { kind: "docker" } },
  classes: { standard: { memoryMb: 2048, cpus: 1 }, larger: { memoryMb: 4096, cpus: 2 } },
  agents: {
    alice: { egress: OLD_EGRESS, labels: { team: "red" }, env: { TZ: "UTC" } },
    bob: { enabled: false },
  },
};
const EGRESS = ["api.anthropic.com", ...OLD_EGRESS].toSorted();

const withChanges = (changes: object): Record<string, unknown> => ({ ...BEFORE, ...changes });
const alice = (changes: object): Record<string, unknown> =>
  withChanges({ agents: { ...BEFORE.agents, alice: { ...BEFORE.agents.alice, ...changes } } });

describe("the effects of a plan on what stays", () => {
  let state: StackState;
  let resources: StateResource[];
  beforeAll(async () => {
    const { created } = await record(BEFORE);
    resources = created.map(({ goal, id, outputs }) => ({
      urn: goal.urn,
      type: goal.type,
      outputs: { ...outputs, ...providerOutputs(goal), id },
    }));
    state = stateOf(resources);
  });

  const effects = (settings: Record<string, unknown>, of: StackState = state): string[] =>
    effectsOf(planFleet(parseFleet(settings), of.registry, "test", CATALOGUE), of).map(
      ({ kind, text }) => `${kind}: ${text}`,
    );

  it("are none where nothing changes, and none on a new stack", () => {
    expect(state.agents.get("alice")).toEqual({ url: "https://alice.agents.example.com", egress: EGRESS });
    expect(effects(BEFORE)).toEqual([]);
    expect(effects(BEFORE, stateOf([]))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ["a model", alice({ model: "anthropic/claude-haiku" }), ["restart-agent: restarts alice: model"]],
    ["a variable", alice({ env: { TZ: "Europe/Berlin" } }), ["restart-agent: restarts alice: environment"]],
    ["a label", alice({ labels: { team: "blue" } }), ["restart-agent: restarts alice: labels"]],
    [
      "a class",
      alice({ class: "larger" }),
      ["restart-agent: restarts alice: 4096 MiB of memory instead of 2048, 2 CPUs instead of 1"],
    ],
    [
      "open egress",
      alice({ egress: "open" }),
      [
        "update-host: reconfigures the egress proxy of one while it runs",
        "restart-agent: restarts alice: egress",
      ],
    ],
    [
      "an allowlist",
      alice({ egress: ["api.example.com", "b.example.com", "a.example.com"] }),
      [
        "update-host: reconfigures the egress proxy of one while it runs",
        "update-agent: alice may also reach a.example.com, b.example.com; may no longer reach old.example.com, which needs no restart",
      ],
    ],
    [
      "an agent that is switched off",
      alice({ enabled: false }),
      [
        "update-host: reconfigures the ingress of one while it runs",
        "stop-agent: stops alice; its data stays",
      ],
    ],
    [
      "an agent that is switched on",
      withChanges({ agents: { ...BEFORE.agents, bob: {} } }),
      ["update-host: reconfigures the ingress of one while it runs", "start-agent: starts bob"],
    ],
    [
      "another access",
      alice({ access: "loopback" }),
      [
        "update-host: reconfigures the ingress of one while it runs",
        "restart-agent: restarts alice: URL",
        "update-agent: alice gets another URL: http://127.0.0.1:18800 instead of https://alice.agents.example.com",
      ],
    ],
    [
      "an image",
      withChanges({ image: "registry.example.com/openclaw/openclaw:2026.9.6" }),
      [
        "restart-agent: restarts alice: image registry.example.com/openclaw/openclaw:2026.9.6 instead of openclaw/openclaw:2026.9.6",
      ],
    ],
    [
      "a process limit",
      withChanges({ classes: { standard: { memoryMb: 2048, cpus: 1, pids: 99 } } }),
      ["restart-agent: restarts alice: processes"],
    ],
    [
      "a service's image",
      withChanges({ ingress: { image: "caddy:2.12.0" } }),
      [
        expect.stringMatching(
          /^update-host: replaces the ingress of one \(image caddy:2.12.0 instead of caddy:2.11.4\): .+/,
        ),
      ],
    ],
    [
      "a service's setting",
      withChanges({ ingress: { listen: ["127.0.0.1"] } }),
      ["update-host: reconfigures the ingress of one while it runs"],
    ],
    [
      "a service that is added",
      withChanges({ tailscale: TAILNET }),
      [
        expect.stringMatching(/^update-host: replaces the ingress of one \(container\): .+/),
        "update-host: starts the tailnet node of one",
      ],
    ],
  ])("name %s", (_, after, expected) => {
    expect(effects(after)).toEqual(expected);
  });

  it("name the services whose configuration follows the agents that there are", () => {
    const { alice: stays } = BEFORE.agents;
    const reconfigured = ["ingress", "egress proxy"].map(
      (title) => `update-host: reconfigures the ${title} of one while it runs`,
    );
    expect(effects(withChanges({ agents: { ...BEFORE.agents, carol: {} } }))).toEqual(reconfigured);
    expect(effects(withChanges({ agents: { alice: stays } }))).toEqual(reconfigured);
  });

  it("name the services of a host that the fleet leaves", () => {
    const hosts = { two: { kind: "docker" } };
    expect(effects(withChanges({ hosts }))).toEqual([
      "update-host: removes the ingress of one",
      "update-host: removes the egress proxy of one",
    ]);
  });

  it("name a secret that is added or removed, and say nothing of secrets that cannot be read", () => {
    const planned = (secrets?: object) =>
      planFleet(
        parseStack({
          keys: ["fleet", "secrets"],
          fleet: BEFORE,
          ...(secrets === undefined ? {} : { secrets }),
        }).fleet,
        state.registry,
        "test",
        CATALOGUE,
      );
    const texts = (secrets?: object): string[] => effectsOf(planned(secrets), state).map(({ text }) => text);
    expect(texts({ alice: { OPENAI_API_KEY: "encrypted" } })).toEqual(["restarts alice: secrets"]);
    expect(texts({})).toEqual([]);
    expect(texts()).toEqual([]);
  });

  it("name a service that is no longer run, and another URL of an agent that moves", async () => {
    const { created } = await record(withChanges({ tailscale: TAILNET }));
    const of = stateOf([
      ...created.map(({ goal, outputs }) => ({ urn: goal.urn, type: goal.type, outputs })),
      ...resources.filter(({ type }) => type === "pulumi:index:Stash"),
    ]);
    expect(effects(BEFORE, of)).toEqual([
      expect.stringContaining("replaces the ingress of one"),
      "update-host: removes the tailnet node of one",
    ]);
  });

  it("are known for a state without labels, as far as possible", () => {
    const unlabelled = resources.map((resource) =>
      resource.type.endsWith("Container")
        ? { ...resource, outputs: { ...(resource.outputs as object), labels: [] } }
        : resource,
    );
    expect(effects(BEFORE, stateOf(unlabelled))).toContain(
      "restart-agent: restarts alice: this version sets up its container differently, labels",
    );
  });
});
