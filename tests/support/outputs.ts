/** Outputs of a small fleet, and an engine that has them. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Outputs, StackEngine } from "../../workspace/engine.ts";
import type { Project } from "../../workspace/project.ts";

type Agent = Outputs["fleet"]["agents"][string];
type Host = Outputs["fleet"]["hosts"][string];

export const agentOutput = (overrides: Partial<Agent> = {}): Agent => ({
  url: "https://alice.agents.localhost:8443",
  access: "public",
  host: "local",
  slot: 0,
  enabled: true,
  class: "standard",
  memoryMb: 1024,
  image: "openclaw:1",
  container: "fleet.test.alice",
  volume: "fleet.test.alice",
  address: "10.97.0.3",
  loopbackPort: 18900,
  ...overrides,
});

export const hostOutput = (overrides: Partial<Host> = {}): Host => ({
  address: "unix:///var/run/docker.sock",
  hostKey: null,
  dataVolume: null,
  agents: ["alice"],
  ...overrides,
});

export const outputsOf = (agents: Record<string, Agent>, hosts: Record<string, Host>): Outputs => ({
  fleet: { hosts, agents },
  tokens: Object.fromEntries(Object.keys(agents).map((name) => [name, `token-of-${name}`])),
});

/** An engine that changes nothing and records its calls. */
export function fakeEngine(
  outputs: Outputs | undefined,
): StackEngine & { readonly calls: readonly string[] } {
  const calls: string[] = [];
  const called = <T>(name: string, result: T): Promise<T> => {
    calls.push(name);
    return Promise.resolve(result);
  };
  return {
    name: "embedded",
    calls,
    up: () => called("up", true),
    destroy: () => called("destroy", true),
    preview: () => called("preview", { succeeded: true, changes: [], unchanged: 0 }),
    outputs: () => called("outputs", outputs),
  };
}

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A stack file alone, in a temporary folder, for operations that read nothing else. */
export function stackWith(fleet: object, stack = "test"): Project {
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-stack-"));
  folders.push(folder);
  const stackFile = join(folder, `Pulumi.${stack}.yaml`);
  writeFileSync(stackFile, stringify({ config: { "agent-fleet:fleet": fleet } }));
  return { folder, name: "agent-fleet", stack, stackFile, backendUrl: `file://${folder}` };
}
