import { describe, expect, it } from "vitest";
import { ensureDocker, type thisMachine } from "../../system/docker.ts";

interface Situation {
  /** The error code of the connection until the daemon is started; undefined if it runs already. */
  readonly refusal?: string;
  readonly mayInstall?: boolean;
  readonly commands?: readonly string[];
}

/** A machine that records what is done to it. */
function machineIn({ refusal, mayInstall = true, commands = [] }: Situation) {
  const done: string[] = [];
  const present = new Set(commands);
  let running = refusal === undefined;
  const machine: typeof thisMachine = {
    ping: async () => {
      if (!running) throw Object.assign(new Error("refused"), { code: refusal });
    },
    canInstall: () => mayInstall,
    has: (command) => present.has(command),
    install: async (packages) => {
      done.push(`install ${packages.join(" ")}`);
    },
    start: async (responds) => {
      done.push("start");
      running = true;
      expect(await responds(0)).toBe(true);
    },
  };
  const ensure = (address?: string) =>
    ensureDocker(
      { log: () => undefined, ...(address === undefined ? {} : { connection: { address } }) },
      machine,
    );
  return { ensure, done };
}

describe("ensureDocker", () => {
  it("does nothing if the daemon responds", async () => {
    const { ensure, done } = machineIn({ mayInstall: false });
    await ensure();
    expect(done).toEqual([]);
  });

  it("installs the daemon and the command if both are missing", async () => {
    const { ensure, done } = machineIn({ refusal: "ENOENT" });
    await ensure();
    expect(done).toEqual(["install docker.io iptables ca-certificates", "install docker-cli", "start"]);
  });

  it("only starts a daemon that is installed", async () => {
    const { ensure, done } = machineIn({ refusal: "ECONNREFUSED", commands: ["docker", "dockerd"] });
    await ensure();
    expect(done).toEqual(["start"]);
  });

  it("says what to install if it is not allowed to", async () => {
    const { ensure, done } = machineIn({ refusal: "ENOENT", mayInstall: false });
    await expect(ensure()).rejects.toThrow("install and start Docker Engine");
    expect(done).toEqual([]);
  });

  it("does not install a daemon if the user may not use the one that runs", async () => {
    const { ensure, done } = machineIn({ refusal: "EACCES" });
    await expect(ensure()).rejects.toThrow("usermod -aG docker");
    expect(done).toEqual([]);
  });

  it("never installs for another host, and names it", async () => {
    const { ensure, done } = machineIn({ refusal: "ENOENT" });
    await expect(ensure("unix:///run/other.sock")).rejects.toThrow("unix:///run/other.sock");
    await expect(ensure("tcp://10.0.0.1:2376")).rejects.toThrow(
      "The Docker daemon at tcp://10.0.0.1:2376 does not respond: refused",
    );
    expect(done).toEqual([]);
  });
});
