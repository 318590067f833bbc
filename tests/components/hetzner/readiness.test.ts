/** The answers of `ssh` and `ssh-keyscan` are scripted here; tests/e2e/hetzner.test.ts asks real servers. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { attestationOf } from "../../../components/hetzner/host-key.ts";
import { awaitReady, type Readiness } from "../../../components/hetzner/readiness.ts";
import { ManualClock } from "../../support/clock.ts";

const VERIFICATION_KEY = "ssh-ed25519 AAAA";
const HOST_KEY = "ssh-ed25519 BBBB";

let folder = "";
let clock: ManualClock;
let logged: string[] = [];

/** A command that gives each answer once, and the last one from then on; one that begins with `!` is a failure. */
function script(command: string, ...answers: string[]): void {
  for (const [index, text] of answers.entries()) writeFileSync(join(folder, `${command}.${index}`), text);
  const file = join(folder, command);
  writeFileSync(
    file,
    `#!/bin/sh
echo "$@" >>${folder}/${command}.calls
n=$(($(wc -l <${folder}/${command}.calls) - 1)); [ -e ${folder}/${command}.$n ] || n=${answers.length - 1}
if grep -q '^!' ${folder}/${command}.$n; then sed 's/^!//' ${folder}/${command}.$n >&2; exit 255; fi
cat ${folder}/${command}.$n
`,
  );
  chmodSync(file, 0o755);
}

const calls = (command: string): string => readFileSync(join(folder, `${command}.calls`), "utf8");

interface ServerAnswer {
  readonly attestation?: string;
  readonly docker?: string;
}

const answer = (
  status: string,
  { attestation = attestationOf(VERIFICATION_KEY, HOST_KEY), docker = "28.5.2" }: ServerAnswer = {},
): string =>
  `Welcome!\n<status>\n${status}\n<attestations>\nother\n${attestation}\n<docker>\n${docker}\n<end>\n`;

const wait = (changes: Partial<Readiness> = {}): Promise<{ hostKey: string; docker: string }> =>
  awaitReady(
    {
      name: "eu-1",
      address: "203.0.113.9",
      key: "~/.ssh/fleet",
      identity: { verificationKey: VERIFICATION_KEY },
      withinSeconds: 60,
      log: (text) => logged.push(text),
      ...changes,
    },
    clock,
  );

beforeEach(() => {
  logged = [];
  clock = new ManualClock();
  folder = mkdtempSync(join(tmpdir(), "agent-fleet-ready-"));
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  script("ssh-keyscan", `203.0.113.9 ${HOST_KEY}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("waiting for a server", () => {
  it("ends once SSH, the first boot and Docker are ready, and logs what is missing until then", async () => {
    script("ssh", "!Connection refused", answer("running installing Docker"), answer("done"));
    expect(await wait()).toEqual({ hostKey: HOST_KEY, docker: "28.5.2" });
    expect(logged).toEqual([
      "Waiting for eu-1: Connection refused",
      "Waiting for eu-1: its first boot: running installing Docker",
    ]);
  });

  it("logs what stays missing every half minute, and not at every try", async () => {
    script("ssh", ...Array.from({ length: 15 }, () => answer("running installing Docker")), answer("done"));
    await wait();
    expect(logged).toEqual(Array(2).fill("Waiting for eu-1: its first boot: running installing Docker"));
  });

  it("refuses a host key that is attested by another verification key", async () => {
    script("ssh", answer("done", { attestation: attestationOf("ssh-ed25519 CCCC", HOST_KEY) }));
    await expect(wait()).rejects.toThrow(
      /^the server at 203\.0\.113\.9 could not prove that it is eu-1; nothing was sent to it\. An impostor may be between you and the server/,
    );
  });

  it("accepts only the host key that is known, where one is", async () => {
    script("ssh-keyscan", "203.0.113.9 ssh-ed25519 EEEE");
    script("ssh", answer("done", { attestation: "" }));
    const { hostKey } = await wait({ identity: { hostKey: "ssh-ed25519 DDDD" } });
    expect(hostKey).toBe("ssh-ed25519 DDDD");
    expect(calls("ssh")).toContain("KnownHostsCommand=/bin/echo %H ssh-ed25519 DDDD");
    expect(calls("ssh")).toContain("StrictHostKeyChecking=yes");
  });

  it("ends at once where the first boot has failed, with its reason", async () => {
    script("ssh", answer("failed installing Docker: no space left on device"));
    await expect(wait()).rejects.toThrow(
      /^the first boot of eu-1 failed installing Docker: no space left on device\. Look at .* or replace the server\.$/,
    );
  });

  it("ends in time, with what was missing and what to try", async () => {
    script("ssh", answer("done", { docker: "Cannot connect to the Docker daemon" }));
    const start = clock.now();
    await expect(wait()).rejects.toThrow(
      /^eu-1 \(203\.0\.113\.9\) was not ready within 60 s\. Last: Docker: Cannot connect to the Docker daemon\. The next run continues to wait\. Does this work\? ssh -i ~\/\.ssh\/fleet root@203\.0\.113\.9 cat \/var\/lib\/agent-fleet\/first-boot$/,
    );
    expect(clock.now() - start).toBe(63_000);
  });
});
