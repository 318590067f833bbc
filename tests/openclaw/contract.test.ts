import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  CONFIG_FILE,
  CONFIG_VARIABLE,
  GATEWAY_PORT,
  HEALTH_CHECK,
  LOGIN_COMMAND,
  START_COMMAND,
  STATE_DIRECTORY,
  TOKEN_VARIABLE,
} from "../../openclaw/contract.ts";
import { isOwnedVariable } from "../../openclaw/environment.ts";

describe("the gateway's contract", () => {
  it.each([
    ["sh", START_COMMAND],
    ["bash", HEALTH_CHECK],
    ["sh", LOGIN_COMMAND[2]],
  ])("has commands that %s can parse", (shell, command) => {
    const { status, stderr } = spawnSync(shell, ["-n"], { input: command, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("writes the configuration at every start, and hides it from the gateway", () => {
    expect(START_COMMAND.split(" && ")).toEqual([
      `printf %s "$OPENCLAW_CONFIG" > ${CONFIG_FILE}`,
      "unset OPENCLAW_CONFIG",
      `exec node dist/index.js gateway --bind lan --port ${GATEWAY_PORT}`,
    ]);
    expect(CONFIG_FILE.startsWith(`${STATE_DIRECTORY}/`)).toBe(true);
  });

  it("owns the variables that carry the configuration and the token", () => {
    expect([CONFIG_VARIABLE, TOKEN_VARIABLE].map(isOwnedVariable)).toEqual([true, true]);
  });
});
