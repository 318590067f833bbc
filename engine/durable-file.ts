import writeFileAtomic from "write-file-atomic";

/**
 * Replaces a file so that a crash or a power cut leaves either the old content or the new one: written under another name, synced
 * to the disk, then renamed.
 */
export const writeDurably = (file: string, text: string, mode = 0o600): void =>
  writeFileAtomic.sync(file, text, { mode });
