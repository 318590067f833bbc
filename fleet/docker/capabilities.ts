/**
 * What a Docker daemon cannot keep. It accepts a limit that its kernel does not enforce, shows it in `docker inspect`, and
 * the container runs without it; its `/info` is the only place that says so.
 */
import type { Problem } from "../config/problem.ts";
import type { Protection } from "../hosts/protections.ts";
import { list } from "../text.ts";
import type { Inventory } from "./inventory.ts";
import type { DockerHostPlan } from "./types.ts";

/** A daemon's answer to `/info`, as far as it says what it enforces. Some daemons leave a field out, which says nothing. */
export interface DaemonCapabilities {
  readonly MemoryLimit?: boolean;
  readonly SwapLimit?: boolean;
  readonly PidsLimit?: boolean;
  readonly CpuCfsQuota?: boolean;
  /** `name=seccomp,profile=default`, `name=rootless`. */
  readonly SecurityOptions?: readonly string[] | null;
  readonly CgroupVersion?: string;
}

const has = ({ SecurityOptions }: DaemonCapabilities, name: string): boolean =>
  SecurityOptions?.some((option) => option.split(",").includes(`name=${name}`)) ?? false;

/** @returns what the daemon accepts and does not enforce */
export const unenforcedBy = (info: DaemonCapabilities): Protection[] => [
  ...(info.MemoryLimit === false ? (["memory"] as const) : []),
  ...(info.SwapLimit === false ? (["swap"] as const) : []),
  ...(info.PidsLimit === false ? (["processes"] as const) : []),
  ...(info.CpuCfsQuota === false ? (["cpus"] as const) : []),
  ...(info.SecurityOptions && !has(info, "seccomp") ? (["seccomp"] as const) : []),
];

/** What makes such a daemon enforce them, by what it is. */
export function remedyFor(info: DaemonCapabilities, missing: readonly Protection[]): string {
  const kernel = missing.filter((each) => each !== "seccomp");
  if (kernel.length === 0) return "use a Docker that is built with seccomp, on a kernel that has it";
  if (has(info, "rootless")) {
    return info.CgroupVersion === "2"
      ? `delegate the controllers to the daemon's user: in /etc/systemd/system/user@.service.d/delegate.conf, \`[Service] Delegate=cpu cpuset io memory pids\`, then log in again`
      : "boot with cgroup v2 (`systemd.unified_cgroup_hierarchy=1`), or use a Docker daemon that runs as root";
  }
  const parameters = [
    ...(kernel.includes("memory") ? ["cgroup_enable=memory"] : []),
    ...(kernel.includes("memory") || kernel.includes("swap") ? ["swapaccount=1"] : []),
  ];
  return kernel.some((each) => each === "processes" || each === "cpus")
    ? "use a kernel with the controllers `pids` and `cpu`"
    : `boot the host's kernel with \`${parameters.join(" ")}\``;
}

/** In an operator's words. */
const TITLES: Readonly<Record<Protection, string>> = {
  memory: "memory limits",
  swap: "limits on swap",
  processes: "limits on processes",
  cpus: "CPU limits",
  seccomp: "the seccomp filter",
};

const titled = (protections: readonly Protection[]): string =>
  list(protections.map((protection) => TITLES[protection]));

type Host = Pick<DockerHostPlan, "name" | "entry" | "unenforced">;

/** What the operator has not accepted. */
export function capabilityConflicts(host: Host, { discards, remedy }: Inventory): Problem[] {
  const missing = discards.filter((each) => !host.unenforced.includes(each));
  if (missing.length === 0) return [];
  const all = [...new Set([...host.unenforced, ...missing])];
  return [
    {
      path: `hosts.${host.entry}.unenforced`,
      value: host.unenforced.length === 0 ? undefined : host.unenforced.join(", "),
      message: `the Docker daemon of ${host.name} accepts ${titled(missing)} and does not enforce them: an agent there could take what others were promised`,
      remedy: `${remedy}. To do without, which every plan then says: hosts.${host.entry}.unenforced: [${all.join(", ")}]`,
    },
  ];
}

/** What was accepted, on every host that does without. */
export const describeUnenforced = ({ name, entry, unenforced }: Host): string =>
  `${name} runs agents without ${titled(unenforced)}, as hosts.${entry}.unenforced says: one of them can take what others were promised.`;

/** What was accepted and need not be. */
export function needlesslyAccepted({ entry, unenforced }: Host, { discards }: Inventory): string[] {
  const needless = unenforced.filter((each) => !discards.includes(each));
  return needless.length === 0
    ? []
    : [
        `The Docker daemon of hosts.${entry} enforces ${titled(needless)}: take ${needless.join(", ")} out of hosts.${entry}.unenforced.`,
      ];
}
