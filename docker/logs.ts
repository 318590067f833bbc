import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";

/** Standard output and standard error as one stream, in the order in which they were written. */
function merged({ modem }: Docker.Container, framed: NodeJS.ReadableStream): PassThrough {
  const output = new PassThrough();
  modem.demuxStream(framed, output, output);
  framed.on("end", () => output.end());
  framed.on("error", (error) => output.destroy(error));
  return output;
}

export async function readLogs(container: Docker.Container, tail?: number): Promise<string> {
  const request = {
    stdout: true,
    stderr: true,
    follow: false,
    ...(tail === undefined ? {} : { tail }),
  } as const;
  return text(merged(container, Readable.from(await container.logs(request))));
}

/** Passes each line of a container's log on, from the last `tail` lines to its current end, or with `follow` until the container ends. */
export async function followLogs(
  container: Docker.Container,
  { tail, follow }: { readonly tail: number; readonly follow: boolean },
  onLine: (line: string) => void,
): Promise<void> {
  // Loaded here because most users of this module never follow a log, and start times count.
  const { createInterface } = await import("node:readline");
  const request = { stdout: true, stderr: true, tail };
  const framed = follow
    ? await container.logs({ ...request, follow: true })
    : Readable.from(await container.logs({ ...request, follow: false }));
  const lines = createInterface({ input: merged(container, framed) }).on("line", onLine);
  await once(lines, "close");
}
