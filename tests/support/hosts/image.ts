/** Images for one test: an existing one with some files of this machine in it. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker } from "../project/test-fleet.ts";

interface Additions {
  /** By their path in the image: files of this machine. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What it starts by itself. */
  readonly command?: string;
}

export async function buildImage(
  image: string,
  from: string,
  { files = {}, env = {}, command }: Additions,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-image-"));
  const copies = Object.entries(files).map(([path, file], index) => {
    copyFileSync(file, join(folder, String(index)));
    return `COPY ${index} ${path}`;
  });
  const recipe = [
    `FROM ${from}`,
    ...copies,
    ...Object.entries(env).map(([name, value]) => `ENV ${name}=${value}`),
    ...(command === undefined ? [] : [`CMD ["${command}"]`]),
  ];
  writeFileSync(join(folder, "Dockerfile"), recipe.join("\n"));
  try {
    await docker("build", "--quiet", "--tag", image, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
