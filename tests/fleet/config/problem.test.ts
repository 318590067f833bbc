import { describe, expect, it } from "vitest";
import { FleetError, renderProblem } from "../../../fleet/config/problem.ts";

const problem = { path: "agents.alice.class", message: "there is no such class", remedy: "add it" };

describe("FleetError", () => {
  it("counts its problems and gives each on lines of its own", () => {
    const { message } = new FleetError([problem, { ...problem, value: "huge" }]);
    expect(message.split("\n")).toEqual([
      "agent-fleet:fleet has 2 problems; nothing was changed.",
      "  agents.alice.class",
      "    there is no such class",
      "    -> add it",
      '  agents.alice.class = "huge"',
      "    there is no such class",
      "    -> add it",
    ]);
  });

  it("shortens a value that is longer than a line", () => {
    const [line = ""] = renderProblem({ ...problem, value: "x".repeat(200) }).split("\n");
    expect(line).toBe(`  agents.alice.class = "${"x".repeat(76)}...`);
  });

  it.each([
    ["its value", { value: "sk-ant-REDACTED" }],
    ["a part of its value", { value: { channels: ["x", { token: "sk-ant-REDACTED" }] } }],
    ["a key in its value", { value: { "sk-ant-REDACTED": 1 } }],
    ["its path", { path: "agents.sk-ant-REDACTED" }],
    ["its message", { message: '"sk-ant-REDACTED" is not a valid name' }],
    ["a value that is cut", { value: `${"x ".repeat(30)} sk-ant-REDACTED` }],
  ])("does not show what looks like a secret: %s", (_, changes) => {
    expect(renderProblem({ ...problem, ...changes })).not.toContain("sk-ant");
  });

  it("does not show what its name calls a secret, at any depth", () => {
    const value = { apiToken: "correct-horse-battery", list: ["plain"] };
    expect(renderProblem({ ...problem, path: "agents.alice.x", value })).toContain(
      '{"apiToken":"(hidden: it looks like a secret)","list":["plain"]}',
    );
    expect(
      renderProblem({ ...problem, path: "agents.alice.password", value: "correct-horse-battery" }),
    ).not.toContain("horse");
    expect(
      renderProblem({ ...problem, path: "agents.alice.tokens.0", value: "correct-horse-battery" }),
    ).not.toContain("horse");
  });
});
