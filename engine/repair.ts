/** Finishes what a run was killed in the middle of, so that the next one finds the world as the state describes it. */

import { withDefaults } from "./providers/provider.ts";
import { kindOf } from "./providers/registry.ts";
import type { PendingOperation, Snapshot } from "./state/checkpoint.ts";
import { providerUrn } from "./state/graph.ts";
import { type Properties, reveal } from "./values.ts";

export interface Repaired {
  /** Without anything pending. */
  readonly snapshot: Snapshot;
  /** What was being made or changed: to be looked at again, whatever its inputs say. */
  readonly interrupted: ReadonlySet<string>;
}

/**
 * A creation's leftovers are removed, because nothing knows how far it came; a deletion is carried to its end; a change is
 * made again. Idempotent, so being killed in here is no harm either.
 */
export async function finishInterrupted(snapshot: Snapshot, dryRun: boolean): Promise<Repaired> {
  const gone = new Set<string>();
  const providerOf = ({ resource }: PendingOperation): Properties => {
    const urn = providerUrn(resource.provider ?? "");
    return reveal(snapshot.resources.find((state) => state.urn === urn)?.inputs ?? {});
  };
  for (const operation of snapshot.pending) {
    const { type, resource } = operation;
    const kind = kindOf(resource.type, true);
    if (type === "creating" && !dryRun) {
      await kind.discard?.(reveal(withDefaults(kind, resource.inputs ?? {})), providerOf(operation));
    }
    if (type === "deleting") {
      if (!dryRun)
        await kind.delete?.(resource.id ?? "", reveal(resource.outputs ?? {}), providerOf(operation));
      gone.add(resource.urn);
    }
  }
  return {
    snapshot: { resources: snapshot.resources.filter(({ urn }) => !gone.has(urn)), pending: [] },
    interrupted: new Set(snapshot.pending.map(({ resource }) => resource.urn)),
  };
}
