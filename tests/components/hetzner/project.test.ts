import * as pulumi from "@pulumi/pulumi";
import { isSecret } from "pulumi-embedded-engine/values";
import { describe, expect, it } from "vitest";
import { HetznerProject } from "../../../components/hetzner/project.ts";
import type { HetznerProjectPlan } from "../../../fleet/hosts/hetzner/project.ts";
import { registrationsOf } from "../../support/project/recording-engine.ts";
import { goalOf, inputsOf, outline } from "../../support/project/registrations.ts";

const PLAN: HetznerProjectPlan = {
  network: {
    physicalName: "fleet-test",
    range: "10.80.0.0/16",
    subnets: { "eu-central": "10.80.0.0/19", "us-east": "10.80.32.0/19" },
  },
  placementGroups: [{ name: "eu-spread-1", physicalName: "fleet-test-eu-spread-1" }],
  firewalls: [
    { name: "eu", physicalName: "fleet-test-eu", sshFrom: ["203.0.113.0/24"], ports: [80, 443] },
    { name: "us", physicalName: "fleet-test-us", sshFrom: [], ports: [443] },
  ],
  labels: { "agent-fleet.stack": "test" },
};

const register = (plan = PLAN, endpoint?: string) =>
  registrationsOf(() => {
    new HetznerProject("hetzner", { plan, token: pulumi.secret("t"), endpoint });
  });

describe("HetznerProject", () => {
  it("creates the network with a subnet for each zone, the placement groups and the firewalls", async () => {
    const parent = "hetzner";
    expect(outline(await register())).toEqual([
      { type: "hcloud:index/firewall:Firewall", name: "eu", parent },
      { type: "hcloud:index/firewall:Firewall", name: "us", parent },
      { type: "hcloud:index/network:Network", name: "hetzner", parent },
      { type: "hcloud:index/networkSubnet:NetworkSubnet", name: "hetzner-eu-central", parent },
      { type: "hcloud:index/networkSubnet:NetworkSubnet", name: "hetzner-us-east", parent },
      { type: "hcloud:index/placementGroup:PlacementGroup", name: "eu-spread-1", parent },
      { type: "pulumi:providers:hcloud", name: "hetzner", parent },
      { type: "agent-fleet:index:HetznerProject", name: "hetzner", parent: "agent-fleet-test" },
    ]);
  });

  it("opens SSH to the named ranges only, and the public ports to everyone", async () => {
    const rule = (port: string, sourceIps: readonly string[]) => ({
      direction: "in",
      protocol: "tcp",
      port,
      sourceIps,
    });
    const everywhere = ["0.0.0.0/0", "::/0"];
    const goals = await register();
    const firewall = (name: string) => inputsOf(goalOf(goals, "hcloud:index/firewall:Firewall", name));
    expect(firewall("eu")).toEqual({
      name: "fleet-test-eu",
      labels: PLAN.labels,
      rules: [rule("22", ["203.0.113.0/24"]), rule("80", everywhere), rule("443", everywhere)],
    });
    expect(firewall("us")["rules"]).toEqual([rule("443", everywhere)]);
  });

  it("keeps servers of one placement group on different machines", async () => {
    const group = goalOf(await register(), "hcloud:index/placementGroup:PlacementGroup", "eu-spread-1");
    expect(group.inputs).toEqual({ name: "fleet-test-eu-spread-1", type: "spread", labels: PLAN.labels });
  });

  it("gives the provider its token as a secret, and polls within Hetzner's limit of calls", async () => {
    const { inputs } = goalOf(await register(), "pulumi:providers:hcloud", "hetzner");
    expect(isSecret(inputs["token"])).toBe(true);
    expect(inputs).toMatchObject({ pollFunction: "exponential", pollInterval: "1s" });
    expect(inputs).not.toHaveProperty("endpoint");
  });

  it("can use another API than Hetzner's own", async () => {
    const goals = await register(PLAN, "http://127.0.0.1:1234");
    expect(goalOf(goals, "pulumi:providers:hcloud", "hetzner").inputs["endpoint"]).toBe(
      "http://127.0.0.1:1234",
    );
  });
});
