import * as pulumi from "@pulumi/pulumi";
import { isSecret } from "pulumi-embedded-engine/values";
import type { Goal } from "pulumi-embedded-engine/wire";
import { describe, expect, it } from "vitest";
import { boundTo } from "../../components/container-profile.ts";
import { IsolatedAgent, type IsolatedAgentArgs } from "../../components/isolated-agent.ts";
import type { DockerAgentPlan } from "../../fleet/docker/types.ts";
import { agentPlan } from "../support/docker-plans.ts";
import { registrationsOf } from "../support/project/recording-engine.ts";
import { goalOf, inputsOf, outline } from "../support/project/registrations.ts";

const CONTAINER = "docker:index/container:Container";
const NETWORK = "docker:index/network:Network";
const VOLUME = "docker:index/volume:Volume";

const TOKEN = "0123456789abcdef0123456789abcdef";

class Machine extends pulumi.CustomResource {
  constructor() {
    super("test:index:Machine", "server", {});
  }
}

const register = (
  plan: DockerAgentPlan,
  { isOnServer = false, ...changes }: Partial<IsolatedAgentArgs> & { isOnServer?: boolean } = {},
): Promise<readonly Goal[]> =>
  registrationsOf(
    () => {
      new IsolatedAgent(plan.name, {
        plan,
        connection: pulumi.output({ address: "unix:///var/run/docker.sock", sshOptions: [] }),
        binding: boundTo(isOnServer ? new Machine() : undefined),
        needsUnusedGateway: false,
        unenforced: [],
        repairs: new Map(),
        secrets: {},
        ...changes,
      });
    },
    {
      dryRun: false,
      created: ({ name }): Record<string, string> => (name === "alice-token" ? { hex: TOKEN } : {}),
    },
  );

describe("IsolatedAgent", () => {
  it("creates an agent's slot, token, network, data and gateway", async () => {
    const parent = "alice";
    expect(outline(await register(agentPlan()))).toEqual([
      { type: CONTAINER, name: "alice-gateway", parent },
      { type: NETWORK, name: "alice-network", parent },
      { type: VOLUME, name: "alice-data", parent },
      { type: "pulumi:index:Stash", name: "alice-slot", parent },
      { type: "random:index/randomBytes:RandomBytes", name: "alice-token", parent },
      { type: "agent-fleet:index:IsolatedAgent", name: "alice", parent: "agent-fleet-test" },
    ]);
  });

  it("creates everything but the gateway of a disabled agent", async () => {
    const names = (await register(agentPlan({ enabled: false }))).map(({ name }) => name);
    expect(names).toEqual(["alice-network", "alice-data", "alice-slot", "alice-token", "alice"]);
  });

  it("replaces its slot when the agent moves, because a stash keeps its first value", async () => {
    const slot = goalOf(await register(agentPlan()), "pulumi:index:Stash", "alice-slot");
    expect(slot.inputs).toEqual({ input: { host: "one", slot: 0 } });
    expect(slot.replaceOnChanges).toEqual(["input"]);
  });

  it("keeps the data when its entry is removed", async () => {
    expect(goalOf(await register(agentPlan()), VOLUME, "alice-data")).toMatchObject({
      inputs: { name: "fleet.test.alice" },
      retainOnDelete: true,
      deleteBeforeReplace: true,
    });
  });

  it("replaces and deletes what is on a server together with the server", async () => {
    const goals = await register(agentPlan(), { isOnServer: true });
    const { urn } = goalOf(goals, "test:index:Machine", "server");
    const bound = goals.filter(({ type }) => [CONTAINER, NETWORK, VOLUME].includes(type));
    expect(bound.map(({ replaceWith, deletedWith }) => ({ replaceWith, deletedWith }))).toEqual(
      Array(3).fill({ replaceWith: [urn], deletedWith: urn }),
    );
  });
});

describe("a repair", () => {
  it.each([
    ["container", "docker:index/container:Container", "alice-gateway"],
    ["network", "docker:index/network:Network", "alice-network"],
    ["volume", "docker:index/volume:Volume", "alice-data"],
  ] as const)("changes a label of the agent's %s, and of nothing else", async (kind, type, name) => {
    const goals = await register(agentPlan(), { repairs: new Map([[`${kind} ${name}`, 3]]) });
    const labelled = goals.filter(({ inputs }) =>
      JSON.stringify(inputs["labels"] ?? "").includes('{"label":"agent-fleet.repairs","value":"3"}'),
    );
    expect(labelled.map((goal) => [goal.type, goal.name])).toEqual([[type, name]]);
  });
});

describe("an agent's network", () => {
  const networkOf = async (plan: DockerAgentPlan, needsUnusedGateway = false) =>
    goalOf(await register(plan, { needsUnusedGateway }), NETWORK, "alice-network");

  it("is internal, with the plan's subnet", async () => {
    const { inputs, deleteBeforeReplace } = await networkOf(agentPlan());
    expect(inputs).toEqual({
      name: "fleet.test.alice",
      internal: true,
      ipamConfigs: [{ subnet: "10.96.0.0/29", gateway: "10.96.0.1" }],
      labels: [
        { label: "agent-fleet.agent", value: "alice" },
        { label: "agent-fleet.stack", value: "test" },
      ],
    });
    expect(deleteBeforeReplace).toBe(true);
  });

  it("has a default route to an unused address on a daemon that gives it one", async () => {
    const { inputs } = await networkOf(agentPlan(), true);
    expect(inputs["ipamConfigs"]).toEqual([
      { subnet: "10.96.0.0/29", gateway: "10.96.0.1", auxAddress: { DefaultGatewayIPv4: "10.96.0.6" } },
    ]);
  });

  it("is an ordinary bridge, with its own default route, where egress is open", async () => {
    const { inputs } = await networkOf(agentPlan({ egress: "open" }), true);
    expect(inputs["internal"]).toBe(false);
    expect(inputs["ipamConfigs"]).toEqual([{ subnet: "10.96.0.0/29", gateway: "10.96.0.1" }]);
  });
});

describe("an agent's gateway", () => {
  const gatewayOf = async (plan = agentPlan(), changes: Partial<IsolatedAgentArgs> = {}) =>
    goalOf(await register(plan, changes), CONTAINER, "alice-gateway");

  it("runs without privileges, on a read-only root, within its class's limits", async () => {
    const inputs = inputsOf(await gatewayOf());
    expect(inputs["capabilities"]).toEqual({ drops: ["ALL"] });
    expect(inputs).toMatchObject({
      readOnly: true,
      securityOpts: ["no-new-privileges"],
      init: true,
      tmpfs: { "/tmp": "mode=1777" },
      user: "1000:1000",
      memory: 2048,
      memorySwap: 2048,
      cpus: "2.0",
      restart: "unless-stopped",
      logOpts: { "max-file": "3", "max-size": "10m" },
    });
  });

  it("resolves no names, unless egress is open", async () => {
    expect(inputsOf(await gatewayOf())).toMatchObject({
      dns: ["127.0.0.1"],
      dnsOpts: ["timeout:1", "attempts:1"],
    });
    expect(inputsOf(await gatewayOf(agentPlan({ egress: "open" })))).not.toHaveProperty("dns");
  });

  it("has no published port, no bind mount, and no network but its own", async () => {
    const goals = await register(agentPlan());
    const inputs = inputsOf(goalOf(goals, CONTAINER, "alice-gateway"));
    expect(inputs["networkMode"]).toBe("bridge");
    expect(inputs["networksAdvanced"]).toEqual([{ name: expect.any(String), ipv4Address: "10.96.0.2" }]);
    expect(inputs["volumes"]).toEqual([
      { volumeName: "fleet.test.alice", containerPath: "/home/node/.openclaw" },
    ]);
    for (const unwanted of [
      "ports",
      "publishAllPorts",
      "mounts",
      "devices",
      "privileged",
      "pidMode",
      "ipcMode",
    ])
      expect(inputs).not.toHaveProperty(unwanted);
    // By its id, which changes when the network is replaced: its container goes with it.
    expect(goalOf(goals, CONTAINER, "alice-gateway").propertyDependencies["networksAdvanced"]).toEqual([
      goalOf(goals, NETWORK, "alice-network").urn,
    ]);
  });

  it("is stopped before its successor starts, and is limited in processes as soon as it exists", async () => {
    expect(await gatewayOf()).toMatchObject({
      deleteBeforeReplace: true,
      replaceOnChanges: ["#initerror"],
      retainOnDelete: false,
      hooks: { afterCreate: ["alice-process-limit"] },
    });
  });

  it("is not limited in processes where its daemon cannot, which would refuse it", async () => {
    const goals = await register(agentPlan(), { unenforced: ["processes"] });
    expect(goalOf(goals, CONTAINER, "alice-gateway").hooks).toMatchObject({ afterCreate: [] });
  });

  it("is replaced when its limit of processes changes, which the provider has no input for", async () => {
    const plan = agentPlan();
    const limits = { ...plan.limits, pids: plan.limits.pids + 1 };
    const before = (await gatewayOf(plan)).inputs["labels"];
    const after = (await gatewayOf({ ...plan, limits })).inputs["labels"];
    expect(after).not.toEqual(before);
  });

  it("has the operator's labels, and the fleet's over them", async () => {
    const plan = agentPlan({ labels: { team: "red" } });
    expect((await gatewayOf(plan)).inputs["labels"]).toEqual([
      { label: "agent-fleet.agent", value: "alice" },
      { label: "agent-fleet.profile", value: expect.stringMatching(/^[0-9a-f]{12}$/) },
      { label: "agent-fleet.settings", value: expect.stringMatching(/\bconfiguration=[0-9a-f]{8}\b/) },
      { label: "agent-fleet.stack", value: "test" },
      { label: "team", value: "red" },
    ]);
  });
});

describe("a gateway's environment", () => {
  const environmentOf = async (secrets: Record<string, string>): Promise<string[]> => {
    const goals = await register(agentPlan(), { secrets: pulumi.secret(secrets) });
    return inputsOf(goalOf(goals, CONTAINER, "alice-gateway"))["envs"] as string[];
  };

  it("has the plan's variables, the configuration, the token and the agent's own secrets", async () => {
    const { env, config } = agentPlan();
    const expected = {
      ...env,
      OPENCLAW_CONFIG: config,
      OPENCLAW_GATEWAY_TOKEN: TOKEN,
      TELEGRAM_BOT_TOKEN: "1:a",
    };
    expect(await environmentOf({ TELEGRAM_BOT_TOKEN: "1:a" })).toEqual(
      Object.entries(expected)
        .map(([key, value]) => `${key}=${value}`)
        .toSorted(),
    );
  });

  it("lets no secret replace a variable of the plan, the configuration or the token", async () => {
    const { env } = agentPlan();
    const names = [...Object.keys(env), "OPENCLAW_CONFIG", "OPENCLAW_GATEWAY_TOKEN"];
    const secrets = Object.fromEntries(names.map((name) => [name, "from a secret"]));
    expect(await environmentOf(secrets)).toEqual(await environmentOf({}));
  });

  it("is secret as a whole", async () => {
    const goals = await register(agentPlan(), { secrets: pulumi.secret({ A: "1" }) });
    expect(isSecret(goalOf(goals, CONTAINER, "alice-gateway").inputs["envs"])).toBe(true);
  });
});
