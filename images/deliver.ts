/** Images for an engine that is not this machine's. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { run } from "../system/run.ts";
import { ensureImages, type Images, missingImages } from "./ensure.ts";

/** Streams images from this machine's engine to another; layers that the other has already are skipped by it. */
async function copy(names: readonly string[], dockerHost: string): Promise<void> {
  const save = spawn("docker", ["save", ...names], { stdio: ["ignore", "pipe", "inherit"] });
  const load = spawn("docker", ["--host", dockerHost, "load", "--quiet"], {
    stdio: [save.stdout, "ignore", "inherit"],
  });
  const [[saved], [loaded]] = await Promise.all([once(save, "exit"), once(load, "exit")]);
  if (saved !== 0 || loaded !== 0) throw new Error(`copying ${names.join(", ")} to ${dockerHost} failed`);
}

/**
 * Makes the images present on another machine's engine: pulled there where it reaches a registry, else copied from here.
 *
 * @param dockerHost a socket on this machine, as a tunnel has
 */
export async function deliverImages(
  images: Images,
  { log, dockerHost, host }: { log(line: string): void; dockerHost: string; host: string },
): Promise<void> {
  const missing = await missingImages(images, { log, dockerHost });
  if (missing.length === 0) return;
  await run("docker", ["version", "--format", "{{.Server.Version}}"]);
  await ensureImages(images, { log });
  log(`Copying ${missing.join(", ")} to ${host}`);
  await copy(missing, dockerHost);
}
