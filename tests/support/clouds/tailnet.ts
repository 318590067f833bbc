/** A tailnet on this machine: its control server, and a member of it. Tailscale's own programs, built from their Go module. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as secure } from "node:tls";
import { run } from "../../../system/run.ts";
import type { Answer } from "../gateway/http.ts";
import { buildPrograms } from "../hosts/go-programs.ts";

/** This machine, as Docker has it by default. */
export const SEEN_BY_CONTAINERS = "172.17.0.1";

const START_MS = 20_000;
const PATIENCE_MS = 30_000;
const PROGRAMS = ["tailscale", "tailscaled", "containerboot"];

/** The folder with Tailscale's programs, and the control server's. */
export const buildTailnet = (): Promise<string> =>
  buildPrograms(
    join(import.meta.dirname, "tailnet"),
    PROGRAMS.map((program) => `tailscale.com/cmd/${program}`),
  );

/** Nothing leaves this machine: no logs are sent to Tailscale. */
export const SILENT = { TS_NO_LOGS_NO_SUPPORT: "true" };

/** Tailscale's programs, as the paths in its image. */
export const inImage = (programs: string): Record<string, string> =>
  Object.fromEntries(PROGRAMS.map((program) => [`/usr/local/bin/${program}`, join(programs, program)]));

async function until<Result>(what: string, attempt: () => Promise<Result>): Promise<Result> {
  const end = Date.now() + START_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw new Error(`${what} did not start: ${error}`);
      await sleep(100);
    }
  }
}

/** A machine that has joined, as the control server knows it. */
export interface Node {
  readonly StableID: string;
  /** The full name, with a dot at its end. */
  readonly Name: string;
  readonly Addresses: readonly string[];
  /** The public key that it is known by. */
  readonly Key: string;
}

export interface Tailnet {
  readonly url: string;
  nodes(): Promise<readonly Node[]>;
  /** What a node has to show from now on; an empty key is not asked for. */
  requireKey(key: string): Promise<void>;
  stop(): void;
}

/** @param names the management interface of the tailnet's DNS server */
export async function startTailnet(
  programs: string,
  { port, domain, key, names }: { port: number; domain: string; key: string; names: string },
): Promise<Tailnet> {
  const args = ["-address", SEEN_BY_CONTAINERS, "-port", String(port), "-domain", domain, "-dns", names];
  const child = spawn(join(programs, "tailnet"), args, { stdio: ["ignore", "ignore", "inherit"] });
  const url = `http://${SEEN_BY_CONTAINERS}:${port}`;
  const tailnet: Tailnet = {
    url,
    nodes: async () => ((await (await fetch(`${url}/test/nodes`)).json()) ?? []) as Node[],
    requireKey: async (body) => void (await fetch(`${url}/test/key`, { method: "POST", body })),
    stop: () => child.kill(),
  };
  await until("the control server", () => tailnet.requireKey(key));
  return tailnet;
}

interface Question {
  /** The only authority whose certificates are accepted. */
  readonly authority?: string;
  readonly token?: string;
}

/** A user's machine in the tailnet, with a network of its own: this machine's is left alone. */
export class Member {
  readonly #programs: string;
  readonly #folder: string;
  readonly #daemon: ChildProcess;

  private constructor(programs: string, folder: string, daemon: ChildProcess) {
    this.#programs = programs;
    this.#folder = folder;
    this.#daemon = daemon;
  }

  /** @throws where it is refused */
  static async join(programs: string, name: string, { url }: Tailnet, key: string): Promise<Member> {
    const folder = mkdtempSync(join(tmpdir(), "agent-fleet-tailnet-"));
    const args = [`--statedir=${folder}`, `--socket=${join(folder, "socket")}`, "--tun=userspace-networking"];
    const daemon = spawn(join(programs, "tailscaled"), args, {
      stdio: "ignore",
      env: { ...process.env, ...SILENT },
    });
    const member = new Member(programs, folder, daemon);
    try {
      await until(name, () => member.#tailscale("status", "--json"));
      const login = [`--login-server=${url}`, `--authkey=${key}`, `--hostname=${name}`, "--timeout=20s"];
      await member.#tailscale("up", ...login);
      return member;
    } catch (error) {
      await member.leave();
      throw error;
    }
  }

  #command(...args: readonly string[]): [string, string[]] {
    return [join(this.#programs, "tailscale"), [`--socket=${join(this.#folder, "socket")}`, ...args]];
  }

  #tailscale(...args: readonly string[]): Promise<string> {
    return run(...this.#command(...args));
  }

  /** Asks a machine of the tailnet. @throws where there is no answer, or a certificate of another authority */
  async ask(url: string, { authority, token }: Question = {}): Promise<Answer> {
    const { protocol, hostname, port } = new URL(url);
    const isSecure = protocol === "https:";
    const pipe = spawn(...this.#command("nc", hostname, port), { stdio: ["pipe", "pipe", "pipe"] });
    const complaint = text(pipe.stderr);
    const wire = Duplex.from({ readable: pipe.stdout, writable: pipe.stdin });
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    let isAnswered = false;
    // The other end may close the connection once it has answered.
    const fail = (error: Error): void => {
      if (!isAnswered) reject(error);
    };
    const connect = (): Duplex =>
      isSecure
        ? secure({
            socket: wire,
            servername: hostname,
            ...(authority === undefined ? {} : { ca: authority }),
          }).on("error", fail)
        : wire;
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const call = (isSecure ? requestSecure : requestPlain)(url, { createConnection: connect, headers });
    call.on("error", fail);
    wire.on("error", fail);
    call.on("response", (response) => {
      isAnswered = true;
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    call.end();
    const timer = setTimeout(() => reject(new Error(`no answer from ${url} in time`)), PATIENCE_MS);
    try {
      return await promise;
    } catch (error) {
      pipe.kill();
      throw new Error(`${(error as Error).message}\n${await complaint}`);
    } finally {
      clearTimeout(timer);
      pipe.kill();
    }
  }

  async leave(): Promise<void> {
    const end = once(this.#daemon, "exit");
    this.#daemon.kill();
    await end;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
