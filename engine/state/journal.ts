/**
 * What a run has done so far, a line for each step.
 *
 * The checkpoint is written once, when the run ends; a run that is killed leaves its journal instead, and the next run folds
 * it into the checkpoint. Each step so costs one short write, and a run over many resources stays linear.
 */
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import {
  openState,
  type PendingOperation,
  type ResourceState,
  type Snapshot,
  sealState,
} from "./checkpoint.ts";
import type { Crypter } from "./passphrase.ts";

export type Entry =
  /** A step begins that changes something outside. */
  | { readonly op: "begin"; readonly pending: PendingOperation }
  /** A step ended; its resource now looks like this, and the one it replaced waits to be deleted. */
  | { readonly op: "set"; readonly state: ResourceState; readonly retired?: ResourceState | undefined }
  /** A step ended; its resource is no more. */
  | { readonly op: "remove"; readonly urn: string; readonly id?: string | undefined }
  /** A step ended without changing anything. */
  | { readonly op: "abort"; readonly urn: string };

/** A URN may stand twice: once for a resource, and once for the one it has replaced. */
const keyOf = (urn: string, replacedId: string | undefined): string =>
  replacedId === undefined ? urn : `${urn} ${replacedId}`;

export const stateKey = (state: ResourceState): string =>
  keyOf(state.urn, state.delete ? state.id : undefined);

export class Journal {
  readonly #file: string;
  readonly #crypter: Crypter;
  #descriptor: number | undefined;

  constructor(file: string, crypter: Crypter) {
    this.#file = file;
    this.#crypter = crypter;
  }

  append(entry: Entry): void {
    this.#descriptor ??= openSync(this.#file, "a", 0o600);
    writeSync(this.#descriptor, `${JSON.stringify(this.#seal(entry))}\n`);
  }

  /** The checkpoint holds everything: the journal is no longer needed. */
  clear(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#file, { force: true });
  }

  /** What an interrupted run did, on top of the checkpoint it began with. */
  fold(snapshot: Snapshot): Snapshot {
    if (!existsSync(this.#file)) return snapshot;
    const text = readFileSync(this.#file, "utf8");
    // A last line without its end was cut off in the middle of being written: its step is still pending.
    const complete = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
    const resources = new Map(snapshot.resources.map((state) => [stateKey(state), state]));
    const pending = new Map(snapshot.pending.map((operation) => [operation.resource.urn, operation]));
    for (const line of complete.filter((each) => each !== "")) {
      const entry = JSON.parse(line) as Entry;
      if (entry.op === "begin") {
        const { type, resource } = entry.pending;
        pending.set(resource.urn, { type, resource: openState(resource, this.#crypter) });
        continue;
      }
      if (entry.op === "set") {
        for (const sealed of [entry.state, ...(entry.retired === undefined ? [] : [entry.retired])]) {
          const state = openState(sealed, this.#crypter);
          resources.set(stateKey(state), state);
        }
        pending.delete(entry.state.urn);
      } else {
        if (entry.op === "remove") resources.delete(keyOf(entry.urn, entry.id));
        pending.delete(entry.urn);
      }
    }
    return { resources: [...resources.values()], pending: [...pending.values()] };
  }

  #seal(entry: Entry): Entry {
    if (entry.op === "set") {
      const { state, retired } = entry;
      return {
        op: "set",
        state: sealState(state, this.#crypter),
        retired: retired && sealState(retired, this.#crypter),
      };
    }
    if (entry.op !== "begin") return entry;
    const { type, resource } = entry.pending;
    return { op: "begin", pending: { type, resource: sealState(resource, this.#crypter) } };
  }
}
