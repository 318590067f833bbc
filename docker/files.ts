import { text } from "node:stream/consumers";
import type Docker from "dockerode";

/**
 * The content of a file in a container, whether or not it runs; undefined for anything else than a file.
 *
 * Only what is on its root and in its volumes: Docker does not see a container's file systems in memory.
 *
 * @throws with status 404 where the container or the file does not exist
 */
export async function readFile(
  container: Docker.Container,
  path: string,
  abortSignal?: AbortSignal,
): Promise<string | undefined> {
  const archive = await container.getArchive({ path, ...(abortSignal === undefined ? {} : { abortSignal }) });
  // Loaded on first use: most users of this package read no file, and start times count.
  const { extract } = await import("tar-stream");
  let content: string | undefined;
  for await (const entry of archive.pipe(extract())) {
    const read = await text(entry);
    if (entry.header.type === "file") content = read;
  }
  return content;
}
