/** Finishes what a run was killed in the middle of, so that the next one finds the world as the state describes it. */

import { LostError, withDefaults } from "./providers/provider.ts";
import { kindOf } from "./providers/registry.ts";
import type { PendingOperation, Snapshot } from "./state/checkpoint.ts";
import { providerUrn } from "./state/graph.ts";
import { type Properties, reveal } from "./values.ts";

export interface Repaired {
  /** Pending in it is only what could not be finished, because nobody answered. */
  readonly snapshot: Snapshot;
  /** What was being made or changed: to be looked at again, whatever its inputs say. */
  readonly interrupted: ReadonlySet<string>;
}

/**
 * A creation's leftovers are removed, because nothing knows how far it came; a deletion is carried to its end; a change is
 * made again. Idempotent, so being killed in here is no harm either. What an engine that does not answer is in the way of
 * stays as it is: it must not keep the others from converging.
 */
export async function finishInterrupted(snapshot: Snapshot, dryRun: boolean): Promise<Repaired> {
  const gone = new Set<string>();
  const left: PendingOperation[] = [];
  const providerOf = ({ resource }: PendingOperation): Properties => {
    const urn = providerUrn(resource.provider ?? "");
    return reveal(snapshot.resources.find((state) => state.urn === urn)?.inputs ?? {});
  };
  const finish = async (operation: PendingOperation): Promise<void> => {
    const { type, resource } = operation;
    const kind = kindOf(resource.type, true);
    if (type === "creating") {
      await kind.discard?.(reveal(withDefaults(kind, resource.inputs ?? {})), providerOf(operation));
    }
    if (type === "deleting") {
      await kind.delete?.(resource.id ?? "", reveal(resource.outputs ?? {}), providerOf(operation));
      gone.add(resource.urn);
    }
  };
  for (const operation of snapshot.pending) {
    if (dryRun) {
      if (operation.type === "deleting") gone.add(operation.resource.urn);
      continue;
    }
    try {
      await finish(operation);
    } catch (error) {
      if (!(error instanceof LostError)) throw error;
      left.push(operation);
    }
  }
  return {
    snapshot: { resources: snapshot.resources.filter(({ urn }) => !gone.has(urn)), pending: left },
    interrupted: new Set(snapshot.pending.map(({ resource }) => resource.urn)),
  };
}
