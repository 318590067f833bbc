import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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
      "umask 077",
      `chmod 700 ${STATE_DIRECTORY}`,
      `rm -f ${CONFIG_FILE}`,
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

describe("the health check", () => {
  let server: Server;
  let folder: string;
  let body: string;
  let asked: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "health-check-"));
    body = "";
    asked = 0;
    server = createServer((_request, response) => {
      asked++;
      response.end(body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** The script against this server, with its pauses cut short. */
  const check = (): ChildProcess => {
    const { port } = server.address() as AddressInfo;
    const script = HEALTH_CHECK.replaceAll(`/${GATEWAY_PORT}`, `/${port}`)
      .replaceAll("/tmp/", `${folder}/`)
      .replaceAll(/sleep [\d.]+/g, "sleep 0.01");
    return spawn("bash", ["-c", script], { stdio: "inherit" });
  };
  const exitCode = async (child: ChildProcess): Promise<unknown> => (await once(child, "exit"))[0];
  const asks = (count: number): Promise<void> =>
    vi.waitFor(() => expect(asked).toBeGreaterThanOrEqual(count), { timeout: 20_000 });
  const STARTED_BODY = '{"ok":true,"status":"started"}\n';

  it("asks until the gateway has started, whatever its other answers are", async () => {
    body = '{"ok":false,"status":"starting"}';
    const child = check();
    await asks(3);
    expect(child.exitCode).toBeNull();
    body = STARTED_BODY;
    expect(await exitCode(child)).toBe(0);
  });

  it("then stays, and ends when the gateway no longer answers as it should", async () => {
    body = STARTED_BODY;
    expect(await exitCode(check())).toBe(0);
    const before = asked;
    const staying = check();
    await asks(before + 3);
    expect(staying.exitCode).toBeNull();
    body = "<html>";
    expect(await exitCode(staying)).toBe(1);
  });

  it("reports a failure at once, and a recovery at once", async () => {
    body = STARTED_BODY;
    expect(await exitCode(check())).toBe(0);
    body = "";
    expect(await exitCode(check())).toBe(1);
    expect(await exitCode(check())).toBe(1);
    body = STARTED_BODY;
    const before = asked;
    expect(await exitCode(check())).toBe(0);
    expect(asked - before).toBe(1);
  });

  it("ends after it has asked for five minutes, so that Docker's own timeout does not end it", async () => {
    body = STARTED_BODY;
    expect(await exitCode(check())).toBe(0);
    const before = asked;
    expect(await exitCode(check())).toBe(0);
    expect(asked - before).toBe(30);
  });

  it("fails where nothing listens any more", async () => {
    body = STARTED_BODY;
    expect(await exitCode(check())).toBe(0);
    const gone = check();
    await asks(2);
    server.closeAllConnections();
    server.close();
    expect(await exitCode(gone)).toBe(1);
  });
});
