import { describe, expect, it } from "vitest";
import { TenantRoute } from "../../components/tenant-route.ts";
import type { DockerAgentPlan } from "../../fleet/docker/types.ts";
import { agentPlan } from "../support/docker-plans.ts";
import { registrationsOf } from "../support/project/recording-engine.ts";
import { goalOf, inputsOf, outline } from "../support/project/registrations.ts";

const TYPE = "agent-fleet:index:TenantRoute";

const routeOf = async (plan: DockerAgentPlan) =>
  registrationsOf(() => {
    new TenantRoute("alice", { plan });
  });

describe("TenantRoute", () => {
  it("shows how the agent is reached, and has no container of its own", async () => {
    const plan = agentPlan();
    const goals = await routeOf(plan);
    expect(outline(goals)).toEqual([{ type: TYPE, name: "alice", parent: "agent-fleet-test" }]);
    expect(inputsOf(goalOf(goals, TYPE, "alice"))).toEqual({
      url: "https://alice.agents.example.com",
      host: "one",
      access: "public",
      loopbackPort: 18800,
      upstream: "10.96.0.2",
    });
  });

  it("has no upstream where the agent is disabled", async () => {
    const goals = await routeOf(agentPlan({ enabled: false }));
    expect(inputsOf(goalOf(goals, TYPE, "alice"))["upstream"]).toBe("disabled");
  });
});
