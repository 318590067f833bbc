import { describe, expect, it } from "vitest";
import { ensureDocker, type thisMachine } from "../../system/docker.ts";

interface Situation {
  /** The error code with which the socket answers until the engine is started; nothing when it runs already. */
  readonly refusal?: string;
  readonly mayInstall?: boolean;
  readonly commands?: readonly string[];
}

/** A machine that writes down what is done to it. */
function machineIn({ refusal, mayInstall = true, commands = [] }: Situation) {
  const done: string[] = [];
  const present = new Set(commands);
  let running = refusal === undefined;
  const machine: typeof thisMachine = {
    ask: async () => {
      if (!running) throw Object.assign(new Error("refused"), { code: refusal });
      return "OK";
    },
    canInstall: () => mayInstall,
    has: (command) => present.has(command),
    install: async (packages) => {
      done.push(`install ${packages.join(" ")}`);
    },
    run: async (command, args) => {
      throw new Error(`ran ${[command, ...args].join(" ")}`);
    },
    start: async (answers) => {
      done.push("start");
      running = true;
      expect(await answers(0)).toBe(true);
    },
  };
  const ensure = (host?: string) => ensureDocker({ log: () => undefined, host }, machine);
  return { ensure, done };
}

describe("ensureDocker", () => {
  it("does nothing when the engine answers", async () => {
    const { ensure, done } = machineIn({ mayInstall: false });
    await ensure();
    expect(done).toEqual([]);
  });

  it("installs the engine and the command where both are missing", async () => {
    const { ensure, done } = machineIn({ refusal: "ENOENT" });
    await ensure();
    expect(done).toEqual(["install docker.io iptables ca-certificates", "install docker-cli", "start"]);
  });

  it("only starts an engine that is installed", async () => {
    const { ensure, done } = machineIn({ refusal: "ECONNREFUSED", commands: ["docker", "dockerd"] });
    await ensure();
    expect(done).toEqual(["start"]);
  });

  it("says what to install where it may not", async () => {
    const { ensure, done } = machineIn({ refusal: "ENOENT", mayInstall: false });
    await expect(ensure()).rejects.toThrow("install and start Docker Engine");
    expect(done).toEqual([]);
  });

  it("does not install an engine when the user may not use the one that runs", async () => {
    const { ensure, done } = machineIn({ refusal: "EACCES" });
    await expect(ensure()).rejects.toThrow("usermod -aG docker");
    expect(done).toEqual([]);
  });

  it("never installs for another host, and names it", async () => {
    const { ensure, done } = machineIn({ refusal: "ENOENT" });
    await expect(ensure("unix:///run/other.sock")).rejects.toThrow("unix:///run/other.sock");
    await expect(ensure("tcp://10.0.0.1:2376")).rejects.toThrow(
      "tcp://10.0.0.1:2376 does not answer: ran docker --host tcp://10.0.0.1:2376 version",
    );
    expect(done).toEqual([]);
  });
});
