/** What the numbers were taken on. */
import { availableParallelism, loadavg } from "node:os";
import { onPath } from "../../system/on-path.ts";
import { run } from "../../system/run.ts";

export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly docker: string;
  readonly node: string;
  readonly pulumi: string | undefined;
}

export const hasPulumi = (): boolean => onPath("pulumi");

export const describeMachine = async (): Promise<Machine> => ({
  date: new Date().toISOString().slice(0, 10),
  cores: availableParallelism(),
  docker: await run("docker", ["version", "--format", "{{.Server.Version}}"]),
  node: process.versions.node,
  pulumi: hasPulumi() ? (await run("pulumi", ["version"])).replace(/^v/, "") : undefined,
});

/** Runnable processes on average over the last minute: above the number of cores, the numbers are not to be trusted. */
export const load = (): number => loadavg()[0] ?? 0;
