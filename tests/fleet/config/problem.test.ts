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
});
