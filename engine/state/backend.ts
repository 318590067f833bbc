/** Pulumi's file backend: where a stack's checkpoint, lock and journal are. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { writeDurably } from "../durable-file.ts";
import {
  openSnapshot,
  parseCheckpoint,
  type ResourceState,
  renderCheckpoint,
  type Snapshot,
  saltOf,
} from "./checkpoint.ts";
import { inOrder } from "./graph.ts";
import { Journal } from "./journal.ts";
import { lock } from "./lock.ts";
import type { Crypter } from "./passphrase.ts";

const ORGANIZATION = "organization";

/**
 * The folder that a backend's URL names.
 *
 * @throws if it is not a file backend: the others need the Pulumi CLI
 */
export function backendFolder(url: string, base: string): string {
  if (!url.startsWith("file://")) {
    throw new Error(
      `The backend ${url} needs the Pulumi CLI; without one, set PULUMI_BACKEND_URL to a folder, such as file://~.`,
    );
  }
  const path = url.slice("file://".length);
  const folder = path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : resolve(base, path);
  return join(folder, ".pulumi");
}

export class Backend {
  readonly stack: string;
  readonly project: string;
  readonly checkpointFile: string;
  readonly #folder: string;
  readonly #journalFile: string;

  constructor(folder: string, project: string, stack: string) {
    this.#folder = folder;
    this.project = project;
    this.stack = stack;
    this.checkpointFile = join(folder, "stacks", project, `${stack}.json`);
    this.#journalFile = join(folder, "stacks", project, `${stack}.journal`);
  }

  exists(): boolean {
    return existsSync(this.checkpointFile);
  }

  /** @throws LockedError */
  lock(): () => void {
    return lock(join(this.#folder, "locks", ORGANIZATION, this.project, this.stack));
  }

  /** `undefined` for a new stack. */
  salt(): string | undefined {
    return this.exists() ? saltOf(this.#read()) : undefined;
  }

  journal(crypter: Crypter): Journal {
    return new Journal(this.#journalFile, crypter);
  }

  /** Whether a run of the embedded engine was killed before it could write the checkpoint. */
  hasJournal(): boolean {
    return existsSync(this.#journalFile);
  }

  /** The state, an interrupted run's steps included. */
  load(crypter: Crypter): Snapshot {
    const saved = this.exists() ? openSnapshot(this.#read(), crypter) : { resources: [], pending: [] };
    return this.journal(crypter).fold(saved);
  }

  /** The checkpoint's resources with their secrets still encrypted, for readers without the passphrase. */
  sealedResources(): readonly ResourceState[] {
    return this.exists() ? (this.#read().checkpoint.latest?.resources ?? []) : [];
  }

  async save(snapshot: Snapshot, crypter: Crypter): Promise<void> {
    mkdirSync(dirname(this.checkpointFile), { recursive: true });
    // Without this file the CLI assumes its first folder layout and finds no stack.
    const meta = join(this.#folder, "meta.yaml");
    if (!existsSync(meta)) writeFileSync(meta, "version: 1\n");
    if (this.exists()) copyFileSync(this.checkpointFile, `${this.checkpointFile}.bak`);
    const text = await renderCheckpoint(
      `${ORGANIZATION}/${this.project}/${this.stack}`,
      { resources: inOrder(snapshot.resources), pending: snapshot.pending },
      crypter,
    );
    writeDurably(this.checkpointFile, text);
    // The CLI keeps a checksum next to each file that it writes, and would reject this one because of the old checksum.
    rmSync(`${this.checkpointFile}.attrs`, { force: true });
    this.journal(crypter).clear();
  }

  #read(): ReturnType<typeof parseCheckpoint> {
    return parseCheckpoint(readFileSync(this.checkpointFile, "utf8"), this.checkpointFile);
  }
}
