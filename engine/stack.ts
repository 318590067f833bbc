import type { Listener } from "./events.ts";
import type { Backend } from "./state/backend.ts";
import type { Entry } from "./state/journal.ts";
import type { Crypter } from "./state/passphrase.ts";

export interface Stack {
  readonly backend: Backend;
  /** A promise, because its key takes long to derive: the program starts meanwhile. */
  readonly crypter: Promise<Crypter>;
  /** The folder with `Pulumi.yaml`. */
  readonly folder: string;
  /** By full key; a value that is not a string is JSON. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

export interface RunOptions {
  readonly listen: Listener;
  /** Concurrent calls to providers. */
  readonly parallel: number;
  /** Called after each step has been made durable. */
  readonly onRecord?: (entry: Entry) => void;
  /** Aborted, no new step begins; those in progress end, and the state is saved. */
  readonly signal?: AbortSignal;
}
