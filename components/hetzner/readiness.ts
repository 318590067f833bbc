/**
 * Waits until SSH, the first boot and Docker are ready on a server, before anything is deployed to it.
 *
 * Without this the first call to Docker would meet a machine that is still being set up, and fail with a misleading error.
 */
import { sshOptions } from "../../fleet/hosts/connection.ts";
import { ATTESTATIONS_FILE, DATA, STATUS_FILE } from "../../fleet/hosts/hetzner/first-boot/script.ts";
import { run } from "../../system/run.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { attestationOf } from "./host-key.ts";

export interface Readiness {
  /** The host's name, for people. */
  readonly name: string;
  /** Where SSH answers. */
  readonly address: string;
  /** The private key's file; undefined for what `ssh` would use. */
  readonly key: string | undefined;
  /** How the server's host key is verified: it is known already, or attested by the server's verification key. */
  readonly identity: { readonly hostKey: string } | { readonly verificationKey: string };
  readonly withinSeconds: number;
  readonly log: (text: string) => void;
}

const POLL_MS = 3000;
const LOG_AGAIN_MS = 30_000;
const CONNECT_SECONDS = 10;
const ANSWER_MS = 60_000;

/** A server that will not become ready however long one waits. */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";
}

/** The server's answer is between its markers, whatever a login prints before and after. */
const QUESTION = [
  `echo '<status>'; cat ${STATUS_FILE} 2>/dev/null`,
  `echo '<attestations>'; cat ${ATTESTATIONS_FILE} 2>/dev/null`,
  // The volume may have grown under the file system that is on it.
  `findmnt --noheadings --output SOURCE ${DATA} | xargs --no-run-if-empty resize2fs >/dev/null 2>&1`,
  "echo '<docker>'; docker version --format '{{.Server.Version}}' 2>&1",
  "echo '<end>'",
].join("; ");

const between = (text: string, from: string, to: string): string =>
  text.slice(text.indexOf(`<${from}>`) + from.length + 2, text.indexOf(`<${to}>`)).trim();

interface Answer {
  readonly hostKey: string;
  readonly status: string;
  readonly attestations: readonly string[];
  readonly docker: string;
}

/** The host key that the server at the address presents; it is trusted only once it has been verified. */
async function claimedKey(address: string): Promise<string> {
  const args = ["-T", String(CONNECT_SECONDS), "-t", "ed25519", address];
  const output = await run("ssh-keyscan", args, { timeout: ANSWER_MS }).catch(() => "");
  const key = /^\S+ (ssh-ed25519 \S+)$/m.exec(output)?.[1];
  if (key === undefined) throw new Error("SSH does not answer");
  return key;
}

async function question({ address, key, identity }: Readiness): Promise<Answer> {
  const hostKey = "hostKey" in identity ? identity.hostKey : await claimedKey(address);
  const options = sshOptions({ key, hostKey, connectSeconds: CONNECT_SECONDS });
  const output = await run("ssh", [...options, "-T", `root@${address}`, QUESTION], { timeout: ANSWER_MS });
  if (!output.includes("<end>")) throw new Error("the login did not run the command that was sent");
  return {
    hostKey,
    status: between(output, "status", "attestations"),
    attestations: between(output, "attestations", "docker").split("\n"),
    docker: between(output, "docker", "end"),
  };
}

/** @returns what is still missing; undefined where it is ready. @throws NotReadyError where waiting is useless. */
function missing(
  { name, address, identity }: Readiness,
  { status, attestations, docker, hostKey }: Answer,
): string | undefined {
  if (status.startsWith("failed ")) {
    throw new NotReadyError(
      `the first boot of ${name} ${status}. Look at /var/log/cloud-init-output.log on ${address}, fix it there and re-run /usr/local/lib/agent-fleet/first-boot, or replace the server.`,
    );
  }
  if (status !== "done") return status === "" ? "its first boot has not begun" : `its first boot: ${status}`;
  if (
    "verificationKey" in identity &&
    !attestations.includes(attestationOf(identity.verificationKey, hostKey))
  ) {
    throw new NotReadyError(
      `the server at ${address} could not prove that it is ${name}; nothing was sent to it. An impostor may be between you and the server: try from another network, and replace the server if this persists.`,
    );
  }
  return /^\d+\./.test(docker) ? undefined : `Docker: ${docker || "no answer"}`;
}

/** ssh's own message is in the last line; the command that failed, which is known, comes before it. */
const reasonOf = (error: unknown): string =>
  ((error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? "").replace(
    /^`[^`]*` failed: /,
    "",
  );

/**
 * Waits until a server can be used.
 *
 * @returns its public host key, verified, and the version of its Docker
 * @throws NotReadyError that says what was still missing, and what to do
 */
export async function awaitReady(
  wanted: Readiness,
  clock: Clock = SYSTEM_CLOCK,
): Promise<Pick<Answer, "hostKey" | "docker">> {
  const { name, address, key, withinSeconds, log } = wanted;
  const end = clock.now() + withinSeconds * 1000;
  let reason = "";
  let loggedAt = 0;
  while (true) {
    let now: string | undefined;
    try {
      const answer = await question(wanted);
      now = missing(wanted, answer);
      if (now === undefined) return { hostKey: answer.hostKey, docker: answer.docker };
    } catch (error) {
      if (error instanceof NotReadyError) throw error;
      now = reasonOf(error);
    }
    if (clock.now() > end) {
      throw new NotReadyError(
        `${name} (${address}) was not ready within ${withinSeconds} s. Last: ${now}. The next run continues to wait. Does this work? ssh ${key === undefined ? "" : `-i ${key} `}root@${address} cat ${STATUS_FILE}`,
      );
    }
    if (now !== reason || clock.now() - loggedAt > LOG_AGAIN_MS) {
      log(`Waiting for ${name}: ${now}`);
      loggedAt = clock.now();
    }
    reason = now;
    await clock.sleep(POLL_MS);
  }
}
