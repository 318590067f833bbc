import type { StackEngine, Terminal } from "../../workspace/engine.ts";
import { readFleet } from "../../operations/fleet-config.ts";
import type { Project } from "../../workspace/project.ts";
import { UserError } from "../../workspace/user-error.ts";

/**
 * Removes all that the stack made but the agents' data, and says where that is.
 *
 * @throws UserError where servers are protected: their provider would refuse half-way
 */
export async function destroyCommand(
  project: Project,
  engine: StackEngine,
  { print }: Terminal,
): Promise<boolean> {
  const isProtected = Object.entries(readFleet(project).hosts).flatMap(([name, host]) =>
    host.kind === "hetzner" && host.protection ? [`hosts.${name}`] : [],
  );
  if (isProtected.length > 0) {
    throw new UserError(
      `Servers are protected from deletion. Set protection: false in ${isProtected.join(", ")}, run \`npm run up\`, and then destroy.`,
    );
  }
  const outputs = await engine.outputs();
  const succeeded = await engine.destroy();
  if (!succeeded || outputs === undefined) return succeeded;
  const { hosts, agents } = outputs.fleet;
  const kept = Object.entries(agents).filter(([, { host }]) => hosts[host]?.dataVolume == null);
  const volumes = Object.entries(hosts).flatMap(([host, { dataVolume, agents: names }]) =>
    dataVolume == null
      ? []
      : [
          `  volume ${dataVolume} of host ${host} (${names.join(", ") || "nobody's"}): at its provider's, and paid for`,
        ],
  );
  if (kept.length + volumes.length > 0) {
    print("Everything is removed but the agents' data:");
    for (const [name, { volume, host }] of kept) {
      print(`  ${name}: volume ${volume} on host ${host}. To delete it for good: npm run purge -- ${name}`);
    }
    for (const line of volumes) print(line);
  }
  return succeeded;
}
