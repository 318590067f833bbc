import { Adoption, type AdoptionResult, type Recall } from "./adoption.ts";
import { type Opened, runProgram } from "./run-program.ts";
import type { RunOptions, Stack } from "./stack.ts";
import type { ResourceState } from "./state/checkpoint.ts";
import type { Urn } from "./urn.ts";
import { ProgramHooks } from "./wire/hooks.ts";

/** An existing resource, as the program sees it. */
export type KnownResource = Pick<ResourceState, "urn" | "type" | "outputs">;

/** The observed state of the stack's resources, before the program runs. */
export interface Observed {
  /** Reported to the program in addition to what the state knows, so that it plans with them. */
  readonly resources: readonly KnownResource[];
  /** Resources that no longer exist as the state knows them, because another object has replaced them: looked for as well. */
  readonly gone: ReadonlySet<Urn>;
  readonly recall: Recall;
}

export interface AdoptOptions extends RunOptions {
  /** The labels that identify an object's owner. */
  readonly identity: readonly string[];
  /** Undefined if nothing exists that the state does not know. */
  observe(known: readonly KnownResource[]): Promise<Observed | undefined>;
  /** Called before the state is written. @throws to leave it as it is */
  agree(result: AdoptionResult): Promise<void>;
}

export interface AdoptResult extends AdoptionResult {
  /** Whether the state was written. */
  readonly isSaved: boolean;
}

const NOTHING: AdoptResult = { isSaved: false, adopted: [], missing: [], errors: [] };

/**
 * Takes resources over that the program registers, that exist, and that the state does not know. Nothing outside the state is
 * changed, and what an interrupted run left pending stays pending unless it was found.
 */
export async function adopt(stack: Stack, options: AdoptOptions): Promise<AdoptResult> {
  const { backend } = stack;
  const unlock = backend.lock();
  try {
    const crypter = await stack.crypter;
    const snapshot = backend.load(crypter);
    const { resources } = snapshot;
    const observed = await options.observe(resources.filter((state) => state.delete !== true));
    if (observed === undefined) return NOTHING;
    const { gone, recall } = observed;
    const deployment = new Adoption(snapshot, { ...options, gone, recall });
    const known = resources.filter(({ urn }) => !gone.has(urn));
    const urns = new Set<Urn>(known.map(({ urn }) => urn));
    const seen = observed.resources.filter(({ urn }) => !urns.has(urn));
    const opened: Opened<Adoption> = {
      snapshot: { resources: [...known, ...seen.map((each) => ({ ...each, custom: true }))] },
      deployment,
    };
    const hooks = new ProgramHooks();
    const isComplete = await runProgram(stack, Promise.resolve(opened), hooks, options, true);
    const { result } = deployment;
    if (!isComplete) return { ...result, errors: [...result.errors, "the program failed"], isSaved: false };
    if (result.errors.length > 0 || result.adopted.length === 0) return { ...result, isSaved: false };
    await options.agree(result);
    await backend.save(deployment.snapshot(), crypter);
    return { ...result, isSaved: true };
  } finally {
    unlock();
  }
}
