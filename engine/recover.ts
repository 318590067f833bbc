/** Completes what a run was killed in the middle of, so that the next one finds the world as the state describes it. */
import { OutcomeUnknownError, withDefaults } from "./providers/resource-provider.ts";
import { findPreviewProvider } from "./providers/resource-types.ts";
import type { PendingOperation, Snapshot } from "./state/checkpoint.ts";
import { providerUrn, type Urn } from "./urn.ts";
import { type Properties, reveal } from "./values.ts";

export interface Recovered {
  /** Pending in it is only what could not be completed, because no answer arrived. */
  readonly snapshot: Snapshot;
  /** What was being created or changed: it is changed again, whatever its inputs are. */
  readonly interrupted: ReadonlySet<Urn>;
}

/**
 * The leftovers of a creation are deleted, because how far it came is not known; a deletion is completed; an update is made
 * again. This is idempotent, so it may be killed as well. An operation whose Docker daemon does not answer stays pending: it
 * must not keep the others from converging.
 */
export async function recoverPendingOperations(snapshot: Snapshot): Promise<Recovered> {
  const unknown: PendingOperation[] = [];
  for (const operation of snapshot.pending) {
    try {
      await recover(operation, configurationOf(operation, snapshot));
    } catch (error) {
      if (!(error instanceof OutcomeUnknownError)) throw error;
      unknown.push(operation);
    }
  }
  return recovered(snapshot, unknown);
}

/** What a recovery would lead to, for a preview. */
export const assumeRecovered = (snapshot: Snapshot): Recovered => recovered(snapshot, []);

function recovered(snapshot: Snapshot, unknown: readonly PendingOperation[]): Recovered {
  const deleted = new Set(
    snapshot.pending
      .filter((operation) => operation.type === "deleting" && !unknown.includes(operation))
      .map(({ resource }) => resource.urn),
  );
  return {
    snapshot: { resources: snapshot.resources.filter(({ urn }) => !deleted.has(urn)), pending: unknown },
    interrupted: new Set(snapshot.pending.map(({ resource }) => resource.urn)),
  };
}

async function recover({ type, resource }: PendingOperation, configuration: Properties): Promise<void> {
  const provider = findPreviewProvider(resource.type);
  if (type === "creating") {
    await provider.cleanUp?.(reveal(withDefaults(provider, resource.inputs ?? {})), configuration);
  }
  if (type === "deleting") {
    const existing = { id: resource.id ?? "", outputs: reveal(resource.outputs ?? {}) };
    await provider.delete?.(existing, configuration);
  }
}

function configurationOf({ resource }: PendingOperation, { resources }: Snapshot): Properties {
  if (resource.provider === undefined) return {};
  const urn = providerUrn(resource.provider);
  return reveal(resources.find((state) => state.urn === urn)?.inputs ?? {});
}
