/** Docker accepts a file for a container that has not started only as an archive. */
import { buffer } from "node:stream/consumers";

export interface Upload {
  /** Absolute path in the container. */
  readonly file: string;
  readonly content: string;
}

export async function archiveOf({ file, content }: Upload): Promise<Buffer> {
  // Loaded on first use: a preview uploads nothing, and its start time counts.
  const { pack } = await import("tar-stream");
  const archive = pack();
  archive.entry({ name: file.replace(/^\//, ""), mode: 0o644 }, content);
  archive.finalize();
  return buffer(archive);
}
