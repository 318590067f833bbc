import { describe, expect, it } from "vitest";
import {
  capabilityConflicts,
  type DaemonCapabilities,
  describeUnenforced,
  needlesslyAccepted,
  remedyFor,
  unenforcedBy,
} from "../../../fleet/docker/capabilities.ts";
import { PROTECTIONS, type Protection } from "../../../fleet/hosts/protections.ts";
import { EMPTY_INVENTORY } from "../../support/docker-plans.ts";

const ALL = { MemoryLimit: true, SwapLimit: true, PidsLimit: true, CpuCfsQuota: true } as const;
const SECCOMP = "name=seccomp,profile=builtin";
const ROOTLESS = [SECCOMP, "name=rootless"];
const full = { ...ALL, SecurityOptions: [SECCOMP], CgroupVersion: "2" };

/** What daemons answer, as far as it is about what they enforce. */
const SYSTEMS: readonly (readonly [string, DaemonCapabilities, Protection[], RegExp | undefined])[] = [
  ["Docker 20.10, cgroup v1", { ...full, CgroupVersion: "1" }, [], undefined],
  [
    "Docker 29, cgroup v2",
    { ...full, SecurityOptions: ["name=apparmor", SECCOMP, "name=cgroupns"] },
    [],
    undefined,
  ],
  ["Docker Desktop", { ...full, SecurityOptions: [SECCOMP, "name=cgroupns"] }, [], undefined],
  [
    "rootless, cgroup v1",
    {
      MemoryLimit: false,
      SwapLimit: false,
      PidsLimit: false,
      CpuCfsQuota: false,
      SecurityOptions: ROOTLESS,
      CgroupVersion: "1",
    },
    ["memory", "swap", "processes", "cpus"],
    /boot with cgroup v2/,
  ],
  [
    "rootless, cgroup v2, CPUs not delegated",
    { ...full, CpuCfsQuota: false, SecurityOptions: ROOTLESS },
    ["cpus"],
    /Delegate=cpu cpuset io memory pids/,
  ],
  ["rootless, cgroup v2, all delegated", { ...full, SecurityOptions: ROOTLESS }, [], undefined],
  [
    "Raspberry Pi OS",
    { ...full, MemoryLimit: false, SwapLimit: false },
    ["memory", "swap"],
    /`cgroup_enable=memory swapaccount=1`/,
  ],
  ["Debian 10, Ubuntu 20.04", { ...full, SwapLimit: false, CgroupVersion: "1" }, ["swap"], /`swapaccount=1`/],
  ["a kernel without pids", { ...full, PidsLimit: false }, ["processes"], /controllers `pids` and `cpu`/],
  [
    "a kernel without CFS bandwidth",
    { ...full, CpuCfsQuota: false },
    ["cpus"],
    /controllers `pids` and `cpu`/,
  ],
  ["a Docker without seccomp", { ...full, SecurityOptions: [] }, ["seccomp"], /built with seccomp/],
  ["a daemon that says nothing of it", {}, [], undefined],
  ["a daemon without security options", { ...ALL, SecurityOptions: null }, [], undefined],
];

describe("what a daemon does not enforce", () => {
  it.each(SYSTEMS)("is known of %s", (_, info, missing, remedy) => {
    expect(unenforcedBy(info)).toEqual(missing);
    if (remedy !== undefined) expect(remedyFor(info, missing)).toMatch(remedy);
  });

  const host = { name: "pi-1", entry: "pi" };
  const inventory = (discards: Protection[]) => ({ ...EMPTY_INVENTORY, discards, remedy: "mend it" });

  it("is refused all at once, with what mends it and what accepts it", () => {
    expect(
      capabilityConflicts({ ...host, unenforced: ["swap"] }, inventory(["memory", "swap", "cpus"])),
    ).toEqual([
      {
        path: "hosts.pi.unenforced",
        value: "swap",
        message:
          "the Docker daemon of pi-1 accepts CPU limits, memory limits and does not enforce them: an agent there could take what others were promised",
        remedy:
          "mend it. To do without, which every plan then says: hosts.pi.unenforced: [swap, memory, cpus]",
      },
    ]);
  });

  it.each(PROTECTIONS)("is refused of %s alone, unless it is accepted", (protection) => {
    expect(capabilityConflicts({ ...host, unenforced: [] }, inventory([protection]))).toHaveLength(1);
    expect(capabilityConflicts({ ...host, unenforced: [protection] }, inventory([protection]))).toEqual([]);
    expect(needlesslyAccepted({ ...host, unenforced: [protection] }, inventory([protection]))).toEqual([]);
    expect(needlesslyAccepted({ ...host, unenforced: [protection] }, inventory([]))).toEqual([
      expect.stringContaining(`take ${protection} out of hosts.pi.unenforced`),
    ]);
  });

  it("is said where it was accepted", () => {
    expect(describeUnenforced({ ...host, unenforced: ["memory"] })).toBe(
      "pi-1 runs agents without memory limits, as hosts.pi.unenforced says: one of them can take what others were promised.",
    );
  });
});
