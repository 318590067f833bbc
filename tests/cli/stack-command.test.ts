import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { engineCommand, plainCommand, stackCommand } from "../../cli/stack-command.ts";
import { STACK_COMMANDS } from "../../fleet/commands.ts";

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

describe("the commands that messages name with a stack", () => {
  it("are those that take one", async () => {
    const folder = join(import.meta.dirname, "../../cli/commands");
    const modules = await Promise.all(readdirSync(folder).map((file) => import(join(folder, file))));
    const commands = modules.flatMap((module) =>
      Object.values(module).filter((each) => each instanceof Command),
    );
    const names = commands
      .filter(({ options }) => options.some(({ long }) => long === "--stack"))
      .map((command) => command.name());
    expect(names.toSorted()).toEqual([...STACK_COMMANDS].toSorted());
  });
});
