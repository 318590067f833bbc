import type { StackEngine, Terminal } from "../engine.ts";

/** Removes all that the stack made but the agents' data, and says where that is. */
export async function destroyCommand(engine: StackEngine, { print }: Terminal): Promise<boolean> {
  const outputs = await engine.outputs();
  const succeeded = await engine.destroy();
  const kept = Object.entries(outputs?.fleet.agents ?? {});
  if (succeeded && kept.length > 0) {
    print("Everything is removed but the agents' data:");
    for (const [name, { volume, host }] of kept) {
      print(`  ${name}: volume ${volume} on host ${host}. To delete it for good: npm run purge -- ${name}`);
    }
  }
  return succeeded;
}
