import { describe, expect, it } from "vitest";
import { checkHostNetworking, type DaemonSystem } from "../../system/host-networking.ts";

const KERNEL = "6.1.0-30-amd64";
const DEBIAN: DaemonSystem = {
  OperatingSystem: "Debian GNU/Linux 12 (bookworm)",
  KernelVersion: KERNEL,
  SecurityOptions: ["name=seccomp,profile=default"],
};
const DESKTOP = { ...DEBIAN, OperatingSystem: "Docker Desktop 4.40", KernelVersion: "6.10.14-linuxkit" };
const ROOTLESS = { ...DEBIAN, SecurityOptions: ["name=seccomp,profile=default", "name=rootless"] };
const COLIMA = { ...DEBIAN, OperatingSystem: "Ubuntu 24.04.1 LTS", KernelVersion: "6.8.0-50-generic" };

const SOCKET = "unix:///run/user/1000/docker.sock";

interface Case {
  readonly reachable: boolean;
  readonly listen?: readonly string[];
  readonly address?: string;
}

/** Checks a daemon on the given system; returns whether a container was tried. */
async function check(
  system: DaemonSystem,
  { reachable, listen = ["127.0.0.1"], address = SOCKET }: Case,
): Promise<boolean> {
  let tried = false;
  await checkHostNetworking(
    { ingress: { image: "caddy:2", listen }, address },
    {
      kernel: () => KERNEL,
      system: async () => system,
      reachesHostNetwork: async () => {
        tried = true;
        return reachable;
      },
    },
  );
  return tried;
}

describe("checkHostNetworking", () => {
  it.each([
    ["a plain daemon", DEBIAN],
    ["one that says nothing of its system", {}],
    ["one without security options", { ...DEBIAN, SecurityOptions: null }],
  ])("tries nothing on %s", async (_, system) => {
    expect(await check(system, { reachable: false })).toBe(false);
  });

  it("tries nothing on another machine's daemon", async () => {
    expect(await check(ROOTLESS, { reachable: false, address: "tcp://192.0.2.1:2376" })).toBe(false);
  });

  it.each([
    ["Docker Desktop", DESKTOP],
    ["rootless Docker", ROOTLESS],
    ["a virtual machine", COLIMA],
  ])("tries a container on %s, and accepts that it is reached", async (_, system) => {
    expect(await check(system, { reachable: true })).toBe(true);
  });

  it.each([
    ["the setting of Docker Desktop that is off", DESKTOP, "Enable host networking"],
    ["rootless Docker, and what to use instead", ROOTLESS, `at ${SOCKET} has a host network of its own`],
    ["the virtual machine that forwards nothing", COLIMA, `at ${SOCKET} runs in a virtual machine`],
  ])("names %s", async (_, system, message) => {
    await expect(check(system, { reachable: false })).rejects.toThrow(message);
  });

  it("leaves alone an ingress in a virtual machine that is meant for others than this machine", async () => {
    expect(await check(COLIMA, { reachable: false, listen: ["0.0.0.0"] })).toBe(false);
    expect(await check(COLIMA, { reachable: false, listen: ["127.0.0.1", "192.0.2.7"] })).toBe(false);
  });
});
