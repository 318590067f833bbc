/** Docker accepts a file for a container that has not started only as an archive. */
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";

export interface Upload {
  /** Absolute path in the container. */
  readonly file: string;
  readonly content: string;
}

export function archiveOf({ file, content }: Upload): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: file.replace(/^\//, ""), mode: 0o644 }, content);
  archive.finalize();
  return buffer(archive);
}
