import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureImages } from "../../images/ensure.ts";

const IMAGES = { gateway: "gateway:1.0", ingress: "front:1.0", egressProxy: "back:1.0" };

let folder: string;

/** Puts a `docker` on PATH that writes its calls down and then runs the script; `$image` is the last argument. */
function dockerThat(script: string): void {
  const log = join(folder, "calls");
  const body = `echo "$*" >> ${log}\nfor image; do :; done\n${script}\n`;
  writeFileSync(join(folder, "docker"), `#!/bin/sh\n${body}`);
  writeFileSync(log, "");
  chmodSync(join(folder, "docker"), 0o755);
}

const calls = (): string[] => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
const ensure = (dockerHost?: string) => ensureImages(IMAGES, { log: () => undefined, dockerHost });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "images-"));
  vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("ensureImages", () => {
  it("asks the engine once when all images are present", async () => {
    dockerThat("exit 0");
    await ensure();
    expect(calls()).toEqual(["image inspect --format {{.Id}} gateway:1.0 front:1.0 back:1.0"]);
  });

  it("pulls only what is absent", async () => {
    dockerThat('case "$*" in *inspect*front:1.0*) exit 1;; esac');
    await ensure();
    expect(calls().filter((call) => call.startsWith("pull"))).toEqual(["pull front:1.0"]);
  });

  it("speaks to the engine it was given", async () => {
    dockerThat('[ "$DOCKER_HOST" = tcp://10.0.0.1:2376 ]');
    await ensure("tcp://10.0.0.1:2376");
    expect(calls()).toHaveLength(1);
  });

  it("builds nothing in place of an image that the registry does not know", async () => {
    dockerThat('[ "$1" = pull ] && echo "manifest for $image not found: manifest unknown" >&2; exit 1');
    await expect(ensure()).rejects.toThrow("not found: manifest unknown");
  });

  it("builds nothing under a name without a version", async () => {
    dockerThat("exit 1");
    const images = { ...IMAGES, gateway: "gateway:latest" };
    await expect(ensureImages(images, { log: () => undefined })).rejects.toThrow(
      "gateway:latest cannot be built",
    );
  });
});
