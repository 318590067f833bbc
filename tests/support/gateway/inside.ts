/** What a process in an agent's container can do. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { outputOf, type TestFleet } from "../project/test-fleet.ts";

/** Longer than the kernel takes to give up on an unused address. */
const CONNECT_SECONDS = 5;

/**
 * Those of the targets, each `address:port`, that the agent gets a TCP connection to which still answers after a second.
 *
 * The second is for machines where others make networks meanwhile: for each, Docker 20.10 takes its isolation out of the
 * kernel's rules and puts it back, and a packet that is on its way in these milliseconds gets through.
 */
export async function reached(
  fleet: TestFleet,
  agent: string,
  targets: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(
    targets.map(async (target) => {
      const script = `timeout ${CONNECT_SECONDS} bash -c 'exec 3<>/dev/tcp/${target.replace(":", "/")} && sleep 1 &&
        printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3 && IFS= read -r -n 1 <&3'`;
      return (await fleet.inside(agent, script)).code === 0 ? [target] : [];
    }),
  );
  return found.flat();
}

export interface ProxyAnswer {
  /** Of the proxy's answer; 0 where it could not be reached. */
  readonly status: number;
  readonly body: string;
}

/** A request by a program in the agent's container that uses the proxy at that address. */
export async function getThrough(
  fleet: TestFleet,
  agent: string,
  proxy: string,
  url: string,
): Promise<ProxyAnswer> {
  const { stdout } = await fleet.inside(
    agent,
    `timeout ${CONNECT_SECONDS} bash -c 'exec 3<>/dev/tcp/${proxy}/${fleet.egressProxy.port} &&
      printf "GET ${url} HTTP/1.1\\r\\nHost: ${new URL(url).host}\\r\\nConnection: close\\r\\n\\r\\n" >&3 && cat <&3'`,
  );
  const end = stdout.indexOf("\r\n\r\n");
  return { status: Number(/^HTTP\/1\.\d (\d+)/.exec(stdout)?.[1] ?? 0), body: stdout.slice(end + 4) };
}

/** A tunnel through the proxy to a server that echoes every line. */
export class Tunnel {
  readonly status: number;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(status: number, child: ChildProcess, lines: AsyncIterator<string>) {
    this.status = status;
    this.#child = child;
    this.#lines = lines;
  }

  static async open(fleet: TestFleet, agent: string, proxy: string, target: string): Promise<Tunnel> {
    const script = `
      exec 3<>/dev/tcp/${proxy}/${fleet.egressProxy.port}
      printf 'CONNECT ${target} HTTP/1.1\\r\\nHost: ${target}\\r\\n\\r\\n' >&3
      IFS= read -r -t ${CONNECT_SECONDS} status <&3; echo "$status"
      while IFS= read -r -t ${CONNECT_SECONDS} header <&3 && [ "$header" != $'\\r' ]; do :; done
      while IFS= read -r line; do
        printf '%s\\n' "$line" >&3
        IFS= read -r -t ${CONNECT_SECONDS} answer <&3 || exit
        echo "$answer"
      done`;
    const child = spawn("docker", ["exec", "--interactive", fleet.objectOf(agent), "bash", "-c", script], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    const lines: Interface = createInterface({ input: child.stdout });
    const iterator = lines[Symbol.asyncIterator]();
    const { value = "" } = (await iterator.next()) as { value?: string };
    return new Tunnel(Number(/^HTTP\/1\.\d (\d+)/.exec(value)?.[1] ?? 0), child, iterator);
  }

  /** What comes back; undefined where the tunnel has ended. */
  async send(line: string): Promise<string | undefined> {
    this.#child.stdin?.write(`${line}\n`);
    return ((await this.#lines.next()) as { value?: string }).value;
  }

  close(): void {
    this.#child.stdin?.end();
    this.#child.kill();
  }
}

/** The first readable of these files in the agent's container: the kernel has two generations of control groups. */
export async function readLimit(
  fleet: TestFleet,
  agent: string,
  ...files: readonly string[]
): Promise<string> {
  const script = `cd /sys/fs/cgroup && for file in ${files.join(" ")}; do cat $file 2>/dev/null && exit 0; done; exit 1`;
  return outputOf(`reading ${files.join(" or ")}`, await fleet.inside(agent, script)).trim();
}
