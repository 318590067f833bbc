/** The real fleet program with a stack of its own. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../system/run.ts";
import { createProject } from "../../tests/support/project/project.ts";
import { sweep } from "./raw-docker.ts";
import { ROOT } from "./workspace.ts";

export interface Fleet {
  url(agent: string): string;
  /** A command of the operator's, by the embedded engine. */
  embedded(command: "up" | "preview" | "login" | "ca", ...args: readonly string[]): Promise<string>;
  pulumi(...args: readonly string[]): Promise<string>;
  /** Removes the containers, networks and volumes, and forgets that there were any. */
  clear(): Promise<void>;
  remove(): Promise<void>;
}

/** Apart from the ranges of the tests and from those of a fleet that is in use. */
const INGRESS_PORT = 24_100;
const DOMAIN = "bench.localhost";
const RANGES = {
  hosts: { local: { kind: "docker", subnets: "10.99.128.0/24", ports: ["24000-24029"] } },
  ingress: { listen: ["127.0.0.1"], port: INGRESS_PORT, loopbackClient: "192.0.2.1" },
  egressProxy: { port: 24_101 },
};

export function createFleet(stack: string, agents: readonly string[], settings: object = {}): Fleet {
  const project = createProject(stack);
  process.once("exit", () => project.remove());
  const env = { ...project.environment, PULUMI_IGNORE_AMBIENT_PLUGINS: "true" };
  project.configure({
    domain: DOMAIN,
    ...RANGES,
    defaults: { class: "light" },
    agents: Object.fromEntries(agents.map((name) => [name, {}])),
    ...settings,
  });
  const clear = async (): Promise<void> => {
    await sweep(stack);
    await rm(join(project.folder, "state/.pulumi"), { recursive: true, force: true });
  };
  return {
    url: (agent) => `https://${agent}.${DOMAIN}:${INGRESS_PORT}`,
    embedded: (command, ...args) =>
      run(
        process.execPath,
        [
          join(ROOT, "system/bootstrap.mjs"),
          join(project.folder, "cli/main.ts"),
          ...[command, "--stack", stack, "--engine", "embedded", ...args],
        ],
        { cwd: project.folder, env },
      ),
    pulumi: (...args) =>
      run("pulumi", [...args, "--stack", stack, "--non-interactive"], { cwd: project.folder, env }),
    clear,
    async remove() {
      await clear();
      project.remove();
    },
  };
}
