/**
 * A stack's state in the format of Pulumi's file backend: deployment version 3, or version 4, which is the same with a list of
 * the features that a reader must know.
 */
import { messageOf } from "../messages.ts";
import { isProviderReference, isUrn, type ProviderReference, type Urn } from "../urn.ts";
import { decryptSecrets, encryptSecrets, type Properties } from "../values.ts";
import type { Crypter } from "./passphrase.ts";

/** A resource as the checkpoint holds it. Fields that this engine does not know are carried along. */
export interface ResourceState {
  readonly urn: Urn;
  readonly custom: boolean;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  readonly parent?: Urn;
  /** The provider that it was created by. */
  readonly provider?: ProviderReference;
  readonly dependencies?: readonly Urn[];
  readonly propertyDependencies?: Readonly<Record<string, readonly Urn[]>>;
  readonly initErrors?: readonly string[];
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: Urn;
  readonly replaceWith?: readonly Urn[];
  readonly replaceOnChanges?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  readonly resourceHooks?: Readonly<Record<string, readonly string[]>>;
  /** A replaced resource whose successor exists: it is still to be deleted. */
  readonly delete?: boolean;
  readonly external?: boolean;
  readonly created?: string;
  readonly modified?: string;
}

export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: ResourceState;
}

/** A stack's state with its secrets decrypted: it stays in memory. */
export interface Snapshot {
  readonly resources: readonly ResourceState[];
  /** What an interrupted run was in the middle of. */
  readonly pending: readonly PendingOperation[];
}

interface Checkpoint {
  readonly version: number;
  readonly features?: readonly string[];
  readonly checkpoint: {
    readonly stack: string;
    readonly latest?: {
      readonly manifest: { readonly time: string; readonly magic: string; readonly version: string };
      readonly secrets_providers?: { readonly type: string; readonly state?: { readonly salt: string } };
      readonly resources?: readonly ResourceState[];
      readonly pending_operations?: readonly PendingOperation[];
      readonly metadata?: object;
    };
  };
}

/** By feature: whether a resource uses it. Only these features survive being written by this engine. */
const FEATURES: Readonly<Record<string, (state: ResourceState) => boolean>> = {
  hooks: ({ resourceHooks }) => Object.keys(resourceHooks ?? {}).length > 0,
  replaceWith: ({ replaceWith }) => (replaceWith ?? []).length > 0,
};

const featuresOf = (states: readonly ResourceState[]): string[] =>
  Object.entries(FEATURES)
    .filter(([, isUsedBy]) => states.some(isUsedBy))
    .map(([feature]) => feature);

/** The version in the manifest: the newest CLI whose checkpoints were compared with these. */
const WRITTEN_AS = "v3.260.0";

/** Pulumi's integrity mark: the SHA-256 of the version. */
const magicOf = async (version: string): Promise<string> => {
  const { createHash } = await import("node:crypto");
  return createHash("sha256").update(version).digest("hex");
};

export class UnreadableCheckpointError extends Error {
  override readonly name = "UnreadableCheckpointError";
}

/** @throws UnreadableCheckpointError if the text is not a checkpoint that this engine may change */
export function parseCheckpoint(text: string, file: string): Checkpoint {
  const parsed = parseJson(text, file);
  const { version, features = [], checkpoint } = parsed;
  if ((version !== 3 && version !== 4) || checkpoint === undefined) {
    throw new UnreadableCheckpointError(
      `${file} has checkpoint version ${version}; this engine reads versions 3 and 4. Use the Pulumi CLI.`,
    );
  }
  const unknown = features.filter((feature) => !Object.hasOwn(FEATURES, feature));
  if (unknown.length > 0) {
    throw new UnreadableCheckpointError(
      `${file} uses ${unknown.join(", ")}, which this engine does not know. Use the Pulumi CLI.`,
    );
  }
  const { secrets_providers, resources = [] } = checkpoint.latest ?? {};
  const provider = secrets_providers?.type ?? "passphrase";
  if (provider !== "passphrase") {
    throw new UnreadableCheckpointError(
      `${file} keeps its secrets with the provider "${provider}"; this engine supports only a passphrase. Use the Pulumi CLI.`,
    );
  }
  if (!resources.every(isResource)) throw damaged(file, "a resource has no valid URN, type or provider");
  return { ...parsed, version, checkpoint };
}

const damaged = (file: string, why: string): UnreadableCheckpointError =>
  new UnreadableCheckpointError(
    `${file} is damaged (${why}). The state before the last write is next to it, in ${file}.bak.`,
  );

function parseJson(text: string, file: string): Partial<Checkpoint> {
  try {
    return JSON.parse(text) ?? {};
  } catch (error) {
    throw damaged(file, messageOf(error));
  }
}

const isResource = ({ urn, type, provider }: ResourceState): boolean =>
  typeof urn === "string" &&
  isUrn(urn) &&
  typeof type === "string" &&
  (provider === undefined || isProviderReference(provider));

export const saltOf = ({ checkpoint }: Checkpoint): string | undefined =>
  checkpoint.latest?.secrets_providers?.state?.salt;

const convert = (state: ResourceState, change: (properties: Properties) => Properties): ResourceState => ({
  ...state,
  ...(state.inputs === undefined ? {} : { inputs: change(state.inputs) }),
  ...(state.outputs === undefined ? {} : { outputs: change(state.outputs) }),
});

export const openState = (state: ResourceState, crypter: Crypter): ResourceState =>
  convert(state, (properties) => decryptSecrets(properties, (text) => crypter.decrypt(text)));

export const sealState = (state: ResourceState, crypter: Crypter): ResourceState =>
  convert(state, (properties) => encryptSecrets(properties, (text) => crypter.encrypt(text)));

export const openSnapshot = ({ checkpoint }: Checkpoint, crypter: Crypter): Snapshot => ({
  resources: (checkpoint.latest?.resources ?? []).map((state) => openState(state, crypter)),
  pending: (checkpoint.latest?.pending_operations ?? []).map(({ type, resource }) => ({
    type,
    resource: openState(resource, crypter),
  })),
});

export async function renderCheckpoint(stack: string, snapshot: Snapshot, crypter: Crypter): Promise<string> {
  const features = featuresOf(snapshot.resources);
  const checkpoint: Checkpoint = {
    version: features.length > 0 ? 4 : 3,
    ...(features.length > 0 ? { features } : {}),
    checkpoint: {
      stack,
      latest: {
        manifest: { time: new Date().toISOString(), magic: await magicOf(WRITTEN_AS), version: WRITTEN_AS },
        secrets_providers: { type: "passphrase", state: { salt: crypter.salt } },
        resources: snapshot.resources.map((state) => sealState(state, crypter)),
        ...(snapshot.pending.length === 0
          ? {}
          : {
              pending_operations: snapshot.pending.map(({ type, resource }) => ({
                resource: sealState(resource, crypter),
                type,
              })),
            }),
        metadata: {},
      },
    },
  };
  return JSON.stringify(checkpoint);
}
