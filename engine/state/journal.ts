/**
 * What a run has done so far, one line per step.
 *
 * The checkpoint is written once, when the run ends; a run that is killed leaves its journal, and the next run folds it into the
 * checkpoint. Each step therefore costs one short write, and a run over many resources stays linear.
 */
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import type { Urn } from "../urn.ts";
import {
  openState,
  type PendingOperation,
  type ResourceState,
  type Snapshot,
  sealState,
} from "./checkpoint.ts";
import type { Crypter } from "./passphrase.ts";

export type Entry =
  /** A step begins that changes something outside the state. */
  | { readonly op: "begin"; readonly pending: PendingOperation }
  | SetEntry
  /** A step ended; its resource no longer exists. */
  | { readonly op: "remove"; readonly urn: Urn; readonly id?: string | undefined }
  /** A step ended without changing anything. */
  | { readonly op: "abort"; readonly urn: Urn };

/** A step ended; this is its resource now. */
interface SetEntry {
  readonly op: "set";
  readonly state: ResourceState;
  /** The predecessor, if it was replaced and still exists. */
  readonly pendingDelete?: ResourceState | undefined;
  /** Where the resource was in the state, if it was found under an alias. */
  readonly formerUrn?: Urn | undefined;
}

/** A URN occurs twice while a replaced resource is still to be deleted. */
const keyOf = (urn: Urn, replacedId: string | undefined): string =>
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

  /** To be called when the checkpoint holds everything. */
  clear(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#file, { force: true });
  }

  /** What an interrupted run did, on top of the checkpoint it began with. */
  fold(snapshot: Snapshot): Snapshot {
    if (!existsSync(this.#file)) return snapshot;
    const text = readFileSync(this.#file, "utf8");
    // A last line without its end was cut off while it was written: its step is still pending.
    const complete = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
    const resources = new Map(snapshot.resources.map((state) => [stateKey(state), state]));
    const pending = new Map(snapshot.pending.map((operation) => [operation.resource.urn, operation]));
    for (const line of complete.filter((each) => each !== "")) {
      const entry = this.#parse(line);
      switch (entry.op) {
        case "begin":
          pending.set(entry.pending.resource.urn, entry.pending);
          break;
        case "set":
          if (entry.formerUrn !== undefined) {
            resources.delete(entry.formerUrn);
            pending.delete(entry.formerUrn);
          }
          resources.set(stateKey(entry.state), entry.state);
          if (entry.pendingDelete !== undefined) {
            resources.set(stateKey(entry.pendingDelete), entry.pendingDelete);
          }
          pending.delete(entry.state.urn);
          break;
        case "remove":
          resources.delete(keyOf(entry.urn, entry.id));
          pending.delete(entry.urn);
          break;
        case "abort":
          pending.delete(entry.urn);
          break;
      }
    }
    return { resources: [...resources.values()], pending: [...pending.values()] };
  }

  #parse(line: string): Entry {
    const entry: Entry = JSON.parse(line);
    return convert(entry, (state) => openState(state, this.#crypter));
  }

  #seal(entry: Entry): Entry {
    return convert(entry, (state) => sealState(state, this.#crypter));
  }
}

function convert(entry: Entry, change: (state: ResourceState) => ResourceState): Entry {
  if (entry.op === "set") {
    const { state, pendingDelete, ...rest } = entry;
    return { ...rest, state: change(state), pendingDelete: pendingDelete && change(pendingDelete) };
  }
  if (entry.op !== "begin") return entry;
  const { type, resource } = entry.pending;
  return { op: "begin", pending: { type, resource: change(resource) } };
}
