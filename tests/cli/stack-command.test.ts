import { describe, expect, it } from "vitest";
import { engineCommand, plainCommand, stackCommand } from "../../cli/stack-command.ts";

describe("the help of a command", () => {
  const program = plainCommand("npm run", "A program.");
  const login = engineCommand("login", "log in").argument("<agent>").argument("[browser]");
  program.addCommand(login).addCommand(stackCommand("plan", "plan"));

  it("says how npm passes options on", () => {
    expect(program.helpInformation()).toContain("Usage: npm run <command> -- [options]\n");
    expect(login.helpInformation()).toContain("Usage: npm run login -- [options] <agent> [browser]\n");
  });

  it("has --engine only if it uses one", () => {
    expect(login.helpInformation()).toMatch(/--stack.*[\s\S]*--engine/);
    expect(program.commands[1]?.helpInformation()).not.toContain("--engine");
  });
});
