import { createRequire } from "node:module";
import type writeFileAtomic from "write-file-atomic";

const require = createRequire(import.meta.url);
/** Loaded on first use: a preview writes nothing, and its start time counts. */
const load = (): typeof writeFileAtomic => require("write-file-atomic");

/**
 * Replaces a file so that a crash or a power cut leaves either the old content or the new one: written under another name, synced
 * to the disk, then renamed.
 */
export const writeDurably = (file: string, text: string, mode = 0o600): void =>
  load().sync(file, text, { mode });
