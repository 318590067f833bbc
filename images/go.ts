import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { onPath, run } from "../system/run.ts";

/** Fetched where the machine's own Go is too old to fetch newer ones; Caddy 2.11 needs 1.25. */
const TOOLCHAIN = "go1.26.8";

export interface Go {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/** From 1.21 on Go fetches by itself the release that a module asks for. */
export function fetchesToolchains(versionLine: string): boolean {
  const [, major = 0, minor = 0] = (/\bgo(\d+)\.(\d+)/.exec(versionLine) ?? []).map(Number);
  return major > 1 || (major === 1 && minor >= 21);
}

/** The Go module that holds the toolchain for this machine. */
export const toolchainModule = (arch: string): string =>
  `golang.org/toolchain@v0.0.1-${TOOLCHAIN}.linux-${arch === "x64" ? "amd64" : arch}`;

/** The Debian packages that `findGo` needs. */
export const goPackages = (): readonly string[] => (onPath("go") ? [] : ["golang-go"]);

async function bootstrap(env: Go["env"]): Promise<string> {
  const download = ["mod", "download", "-json", toolchainModule(process.arch)];
  const answer = await run("go", download, { env, apart: true });
  const { Dir: folder } = JSON.parse(answer) as { Dir: string };
  // A module's files come without their exec bits.
  const tools = await readdir(join(folder, "pkg/tool"), { recursive: true });
  const programs = ["bin/go", ...tools.map((tool) => join("pkg/tool", tool))];
  await Promise.all(programs.map((program) => chmod(join(folder, program), 0o755)));
  return join(folder, "bin/go");
}

/** A Go that can build today's modules, with everything it fetches and caches inside `scratch`. */
export async function findGo(scratch: string): Promise<Go> {
  const env = {
    GOPATH: join(scratch, "go"),
    GOCACHE: join(scratch, "go-build"),
    GOFLAGS: "-modcacherw",
    GOTOOLCHAIN: "auto",
  };
  if (fetchesToolchains(await run("go", ["version"]))) return { command: "go", env };
  // A Go that was not here before must not leave its counters in the home folder either.
  return { command: await bootstrap(env), env: { ...env, XDG_CONFIG_HOME: join(scratch, "config") } };
}
