import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { onPath } from "../system/on-path.ts";
import { run } from "../system/run.ts";

/** Used if the machine's own Go is too old to download newer ones; Caddy 2.11 needs 1.25. */
const TOOLCHAIN = "go1.26.8";

export interface Go {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/** From 1.21 on, Go downloads the release that a module requires by itself. */
export function fetchesToolchains(versionLine: string): boolean {
  const [, major = 0, minor = 0] = (/\bgo(\d+)\.(\d+)/.exec(versionLine) ?? []).map(Number);
  return major > 1 || (major === 1 && minor >= 21);
}

/** The Go module that contains the toolchain for this machine. */
export const toolchainModule = (arch: string): string =>
  `golang.org/toolchain@v0.0.1-${TOOLCHAIN}.linux-${arch === "x64" ? "amd64" : arch}`;

/** The Debian packages that `findGo` needs. */
export const goPackages = (): readonly string[] => (onPath("go") ? [] : ["golang-go"]);

const downloadSchema = z.object({ Dir: z.string() });

async function bootstrap(env: Go["env"]): Promise<string> {
  const download = ["mod", "download", "-json", toolchainModule(process.arch)];
  const answer = await run("go", download, { env, apart: true });
  const { Dir: folder } = downloadSchema.parse(JSON.parse(answer));
  // A module's files are not executable.
  const tools = await readdir(join(folder, "pkg/tool"), { recursive: true });
  const programs = ["bin/go", ...tools.map((tool) => join("pkg/tool", tool))];
  await Promise.all(programs.map((program) => chmod(join(folder, program), 0o755)));
  return join(folder, "bin/go");
}

/** A Go that can build current modules. Everything that it downloads and caches stays inside `scratch`. */
export async function findGo(scratch: string): Promise<Go> {
  const env = {
    GOPATH: join(scratch, "go"),
    GOCACHE: join(scratch, "go-build"),
    GOFLAGS: "-modcacherw",
    GOTOOLCHAIN: "auto",
  };
  if (fetchesToolchains(await run("go", ["version"]))) return { command: "go", env };
  // The downloaded Go must not write its telemetry into the home folder either.
  return { command: await bootstrap(env), env: { ...env, XDG_CONFIG_HOME: join(scratch, "config") } };
}
