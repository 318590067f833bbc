import { connect } from "docker-connection";
import { describe, expect, it } from "vitest";
import { findAgent, openAgent, requireOutputs } from "../../operations/agent-access.ts";
import { agentOutput, fakeEngine, hostOutput, outputsOf, stackWith } from "../support/outputs.ts";

const OUTPUTS = outputsOf(
  { alice: agentOutput(), bob: agentOutput({ enabled: false }) },
  { local: hostOutput() },
);

describe("access to an agent", () => {
  it("is refused for an agent that the stack does not have, with those that it has", () => {
    expect(() => findAgent(OUTPUTS, "carol")).toThrow(
      'There is no agent "carol" in this stack. Its agents: alice, bob.',
    );
  });

  it("is refused for an agent that is switched off", () => {
    expect(() => findAgent(OUTPUTS, "bob")).toThrow("Agent bob is switched off (enabled: false).");
  });

  it("is refused if its host is no longer configured", () => {
    const project = stackWith({ domain: "a.example.com", hosts: { other: { kind: "docker" } }, agents: {} });
    expect(() => openAgent(project, OUTPUTS, "alice", connect)).toThrow("Agent alice runs on local, which");
  });

  it("needs a fleet", async () => {
    await expect(requireOutputs(fakeEngine(undefined))).rejects.toThrow(
      "This stack has no fleet yet. Deploy it first: npm run up",
    );
  });
});
