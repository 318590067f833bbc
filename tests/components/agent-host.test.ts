import * as pulumi from "@pulumi/pulumi";
import type { Goal } from "pulumi-embedded-engine/wire";
import { describe, expect, it } from "vitest";
import { AgentHost, type AgentHostArgs } from "../../components/agent-host.ts";
import { hostPlan } from "../support/docker-plans.ts";
import { registrationsOf } from "../support/project/recording-engine.ts";
import { goalOf, inputsOf, outline } from "../support/project/registrations.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
const PROVIDER = "pulumi:providers:docker";
const HOST = "agent-fleet:index:AgentHost";

class Server extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Server", name, {});
  }
}

const register = (
  plan = hostPlan(),
  args: () => Partial<AgentHostArgs> = () => ({}),
): Promise<readonly Goal[]> =>
  registrationsOf(
    () => {
      new AgentHost(plan.name, {
        plan,
        machine: undefined,
        daemon: undefined,
        repairs: new Map(),
        credentials: new Map(),
        ...args(),
      });
    },
    { dryRun: false },
  );

const onServer = (): Partial<AgentHostArgs> => ({
  machine: {
    resource: new Server("server"),
    connection: pulumi.output({ address: "ssh://root@203.0.113.9", sshOptions: ["-o", "BatchMode=yes"] }),
  },
});

const TAILNET = {
  tailscale: { tailnet: "tail1234.ts.net" },
  agents: { alice: { access: "tailscale" } },
};

describe("AgentHost", () => {
  it("creates the provider of its daemon and the services of every host", async () => {
    const parent = "one";
    expect(outline(await register())).toEqual([
      { type: CONTAINER, name: "one-egress-proxy", parent },
      { type: CONTAINER, name: "one-egress-proxy-config", parent },
      { type: CONTAINER, name: "one-ingress", parent },
      { type: CONTAINER, name: "one-ingress-config", parent },
      { type: VOLUME, name: "one-egress-proxy", parent },
      { type: VOLUME, name: "one-ingress", parent },
      { type: PROVIDER, name: "one", parent },
      { type: HOST, name: "one", parent: "agent-fleet-test" },
    ]);
  });

  it("connects to a local daemon without SSH options", async () => {
    const goals = await register();
    expect(goalOf(goals, PROVIDER, "one").inputs).toMatchObject({ host: "unix:///var/run/docker.sock" });
    expect(goalOf(goals, PROVIDER, "one").inputs).not.toHaveProperty("sshOpts");
    expect(goalOf(goals, HOST, "one").inputs).toEqual({ address: "unix:///var/run/docker.sock" });
  });

  it("accepts only the pinned host key of a server over SSH", async () => {
    const hosts = { one: { kind: "ssh", address: "203.0.113.9", hostKey: "ssh-ed25519 AAAA" } };
    const { inputs } = goalOf(await register(hostPlan({ hosts })), PROVIDER, "one");
    expect(inputs["host"]).toBe("ssh://root@203.0.113.9");
    // A list within a provider's inputs is JSON.
    expect(JSON.parse(inputs["sshOpts"] as string)).toEqual(
      expect.arrayContaining([
        "StrictHostKeyChecking=yes",
        "KnownHostsCommand=/bin/echo %H ssh-ed25519 AAAA",
      ]),
    );
  });

  it("creates everything with its own provider", async () => {
    const goals = await register();
    const { urn } = goalOf(goals, PROVIDER, "one");
    const created = goals.filter(({ type }) => type.startsWith("docker:"));
    expect(created.filter(({ provider }) => provider?.startsWith(`${urn}::`) !== true)).toEqual([]);
  });

  it("keeps its services' volumes and containers apart from an agent's changes: none has an agent's label", async () => {
    const created = (await register()).filter(({ type }) => type.startsWith("docker:"));
    const labels = created.flatMap(({ inputs }) => inputs["labels"] as { label: string }[]);
    expect(new Set(labels.map(({ label }) => label))).toEqual(
      new Set(["agent-fleet.stack", "agent-fleet.profile", "agent-fleet.settings"]),
    );
  });

  it("loads a configuration again whose last load failed", async () => {
    const goals = await register(hostPlan(), () => ({
      repairs: new Map([["container one-ingress-config", 2]]),
    }));
    const repaired = goals.filter(({ inputs }) =>
      JSON.stringify(inputs["labels"] ?? "").includes("agent-fleet.repairs"),
    );
    expect(repaired.map(({ name }) => name)).toEqual(["one-ingress-config"]);
  });
});

describe("the services of a host in a tailnet", () => {
  it("share one volume of sockets between the ingress and the tailnet node", async () => {
    const goals = await register(hostPlan(TAILNET), () => ({
      credentials: new Map([["tailscaleAuthKey", pulumi.secret("tskey")]]),
    }));
    expect(goalOf(goals, VOLUME, "one-agent-sockets")).toMatchObject({
      inputs: { name: "fleet.test.host_agent_sockets" },
      deleteBeforeReplace: true,
    });
    const mounted = ["one-ingress", "one-egress-proxy", "one-tailnet"].map((name) =>
      (goalOf(goals, CONTAINER, name).inputs["volumes"] as { volumeName: string }[]).map(
        ({ volumeName }) => volumeName,
      ),
    );
    expect(mounted).toEqual([
      ["fleet.test.host_ingress", "fleet.test.host_agent_sockets"],
      ["fleet.test.host_egress_proxy"],
      ["fleet.test.host_tailnet", "fleet.test.host_agent_sockets"],
    ]);
    const withKey = goals
      .filter(({ type }) => type === CONTAINER)
      .filter((goal) => JSON.stringify(inputsOf(goal)["envs"] ?? "").includes("tskey"));
    expect(withKey.map(({ name }) => name)).toEqual(["one-tailnet"]);
  });
});

describe("a repair of a shared volume", () => {
  it("changes a label of the volume", async () => {
    const goals = await register(hostPlan(TAILNET), () => ({
      credentials: new Map([["tailscaleAuthKey", pulumi.secret("tskey")]]),
      repairs: new Map([["volume one-agent-sockets", 1]]),
    }));
    expect(goalOf(goals, VOLUME, "one-agent-sockets").inputs["labels"]).toContainEqual({
      label: "agent-fleet.repairs",
      value: "1",
    });
  });
});

describe("a host on a server that this program creates", () => {
  it("is connected to as the server says, once it is ready", async () => {
    const { inputs } = goalOf(await register(hostPlan(), onServer), PROVIDER, "one");
    expect(inputs).toMatchObject({ host: "ssh://root@203.0.113.9", sshOpts: '["-o","BatchMode=yes"]' });
  });

  it("has everything on it replaced and deleted with the server", async () => {
    const goals = await register(hostPlan(TAILNET), onServer);
    const { urn } = goalOf(goals, "test:index:Server", "server");
    const created = goals.filter(({ type }) => type.startsWith("docker:"));
    expect(created).toHaveLength(10);
    expect(
      created.filter(({ replaceWith, deletedWith }) => replaceWith[0] !== urn || deletedWith !== urn),
    ).toEqual([]);
  });

  it("shows what it is instead of an address that it does not have yet", async () => {
    const offer = { serverType: "cx23", location: "fsn1" };
    const goals = await register({ ...hostPlan(), offer: { ...offer } as never }, onServer);
    expect(goalOf(goals, HOST, "one").inputs).toEqual(offer);
  });
});
