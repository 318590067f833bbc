/**
 * The gate between a server and what is to run on it: SSH, the first boot and Docker have to be there first.
 *
 * Without it the first call to Docker meets a machine that is still being set up, and says so in words that help nobody.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { sshOptions } from "../../fleet/hosts/connection.ts";
import { DATA, MARK, PROOFS } from "../../fleet/hosts/hetzner/first-boot/script.ts";
import { run } from "../../system/run.ts";
import { proofOf } from "./host-key.ts";

export interface Readiness {
  /** The host's name, for people. */
  readonly name: string;
  /** Where SSH answers. */
  readonly address: string;
  /** The private key's file; undefined for what `ssh` would use. */
  readonly key: string | undefined;
  /** How the server proves to be itself: by the host key that it is known to have, or by knowing its introduction. */
  readonly proof: { readonly hostKey: string } | { readonly introduction: string };
  readonly withinSeconds: number;
  readonly log: (text: string) => void;
}

const POLL_MS = 3000;
const SAY_AGAIN_MS = 30_000;
const CONNECT_SECONDS = 10;
const ANSWER_MS = 60_000;

/** A server that will not become ready however long one waits. */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";
}

/** What is between its marks is the server's answer, whatever a login prints before and after. */
const QUESTION = [
  "echo '<mark>'; cat $MARK 2>/dev/null",
  "echo '<proofs>'; cat $PROOFS 2>/dev/null",
  // The volume may have grown under the file system that is on it.
  "findmnt --noheadings --output SOURCE $DATA | xargs --no-run-if-empty resize2fs >/dev/null 2>&1",
  "echo '<docker>'; docker version --format '{{.Server.Version}}' 2>&1",
  "echo '<end>'",
]
  .join("; ")
  .replace("$MARK", MARK)
  .replace("$PROOFS", PROOFS)
  .replace("$DATA", DATA);

const between = (text: string, from: string, to: string): string =>
  text.slice(text.indexOf(`<${from}>`) + from.length + 2, text.indexOf(`<${to}>`)).trim();

interface Answer {
  readonly hostKey: string;
  readonly mark: string;
  readonly proofs: readonly string[];
  readonly docker: string;
}

/** The host key that somebody at the address says to have: to be believed only once it is proved. */
async function claimedKey(address: string): Promise<string> {
  const args = ["-T", String(CONNECT_SECONDS), "-t", "ed25519", address];
  // Where nobody answers it says nothing.
  const said = await run("ssh-keyscan", args, { timeout: ANSWER_MS }).catch(() => "");
  const key = /^\S+ (ssh-ed25519 \S+)$/m.exec(said)?.[1];
  if (key === undefined) throw new Error("SSH does not answer");
  return key;
}

async function question({ address, key, proof }: Readiness): Promise<Answer> {
  const hostKey = "hostKey" in proof ? proof.hostKey : await claimedKey(address);
  const options = sshOptions({ key, hostKey, connectSeconds: CONNECT_SECONDS });
  const said = await run("ssh", [...options, "-T", `root@${address}`, QUESTION], { timeout: ANSWER_MS });
  if (!said.includes("<end>")) throw new Error("the login says something else than was asked");
  return {
    hostKey,
    mark: between(said, "mark", "proofs"),
    proofs: between(said, "proofs", "docker").split("\n"),
    docker: between(said, "docker", "end"),
  };
}

/** @returns why it has to be waited for; undefined where it is ready. @throws NotReadyError where waiting is of no use. */
function lacking(
  { name, address, proof }: Readiness,
  { mark, proofs, docker, hostKey }: Answer,
): string | undefined {
  if (mark.startsWith("failed ")) {
    throw new NotReadyError(
      `the first boot of ${name} ${mark}. Look at /var/log/cloud-init-output.log on ${address}, mend it there and run /usr/local/lib/agent-fleet/first-boot again; or replace the server.`,
    );
  }
  if (mark !== "done") return mark === "" ? "its first boot has not begun" : `its first boot: ${mark}`;
  if ("introduction" in proof && !proofs.includes(proofOf(proof.introduction, hostKey))) {
    throw new NotReadyError(
      `who answers at ${address} cannot prove to be ${name}: nothing was told to it. Somebody may be between you and the server; try from another network, and replace the server if it stays so.`,
    );
  }
  return /^\d+\./.test(docker) ? undefined : `Docker: ${docker || "no answer"}`;
}

/** The last line is what ssh ends with; before it stands which command has failed, which is known. */
const reasonOf = (error: unknown): string =>
  ((error as Error).message.trim().split("\n").at(-1) ?? "").replace(/^`[^`]*` failed: /, "");

/**
 * Waits until a server can be worked with.
 *
 * @returns its public host key, proved, and the version of its Docker
 * @throws NotReadyError that says what was waited for last, and what to do
 */
export async function awaitReady(wanted: Readiness): Promise<Pick<Answer, "hostKey" | "docker">> {
  const { name, address, key, withinSeconds, log } = wanted;
  const end = Date.now() + withinSeconds * 1000;
  let reason = "";
  let saidAt = 0;
  while (true) {
    let now: string | undefined;
    try {
      const answer = await question(wanted);
      now = lacking(wanted, answer);
      if (now === undefined) return { hostKey: answer.hostKey, docker: answer.docker };
    } catch (error) {
      if (error instanceof NotReadyError) throw error;
      now = reasonOf(error);
    }
    if (Date.now() > end) {
      throw new NotReadyError(
        `${name} (${address}) was not ready within ${withinSeconds} s. Last: ${now}. The next run goes on waiting. Does this work? ssh ${key === undefined ? "" : `-i ${key} `}root@${address} cat ${MARK}`,
      );
    }
    if (now !== reason || Date.now() - saidAt > SAY_AGAIN_MS) {
      log(`Waiting for ${name}: ${now}`);
      saidAt = Date.now();
    }
    reason = now;
    await sleep(POLL_MS);
  }
}
