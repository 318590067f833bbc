/** What `ssh` and `ssh-keyscan` say is scripted here; tests/e2e/rented.test.ts asks real servers. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { proofOf } from "../../../components/hetzner/host-key.ts";
import { awaitReady, type Readiness } from "../../../components/hetzner/readiness.ts";

const INTRODUCTION = "ssh-ed25519 AAAA";
const HOST_KEY = "ssh-ed25519 BBBB";

let folder = "";
const script = (name: string, text: string): void => {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
};
/** Each answer is given once, the last for ever. */
const answers = (command: string, ...texts: string[]): void => {
  for (const [index, text] of texts.entries()) writeFileSync(join(folder, `${command}.${index}`), text);
  script(
    command,
    `echo "$@" >>${folder}/${command}.calls
n=$(($(wc -l <${folder}/${command}.calls) - 1)); [ -e ${folder}/${command}.$n ] || n=${texts.length - 1}
if grep -q '^!' ${folder}/${command}.$n; then sed 's/^!//' ${folder}/${command}.$n >&2; exit 255; fi
cat ${folder}/${command}.$n`,
  );
};
const answer = (mark: string, { proof = proofOf(INTRODUCTION, HOST_KEY), docker = "28.5.2" } = {}): string =>
  `Welcome!\n<mark>\n${mark}\n<proofs>\nother\n${proof}\n<docker>\n${docker}\n<end>\n`;
const ask = async (changes: Partial<Readiness> = {}): Promise<string> => {
  const { hostKey } = await awaitReady({
    name: "eu-1",
    address: "203.0.113.9",
    key: "~/.ssh/fleet",
    proof: { introduction: INTRODUCTION },
    withinSeconds: 60,
    log: (text) => said.push(text),
    ...changes,
  });
  return hostKey;
};
let said: string[] = [];

beforeEach(() => {
  said = [];
  folder = mkdtempSync(join(tmpdir(), "agent-fleet-ready-"));
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  answers("ssh-keyscan", `203.0.113.9 ${HOST_KEY}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("the gate before a rented server", () => {
  it("opens when SSH, first boot and Docker answer, and says meanwhile what is waited for", async () => {
    answers("ssh", "!Connection refused", answer("running installing Docker"), answer("done"));
    expect(await ask()).toBe(HOST_KEY);
    expect(said).toEqual([
      "Waiting for eu-1: Connection refused",
      "Waiting for eu-1: its first boot: running installing Docker",
    ]);
  });

  it("believes the key that somebody says to have only where that is proved", async () => {
    answers("ssh", answer("done", { proof: proofOf("ssh-ed25519 CCCC", HOST_KEY) }));
    await expect(ask()).rejects.toThrow(
      /^who answers at 203\.0\.113\.9 cannot prove to be eu-1: .*between you and the server/,
    );
  });

  it("asks a server that it knows by the key that it knows, whoever else would answer", async () => {
    answers("ssh-keyscan", "203.0.113.9 ssh-ed25519 EEEE");
    answers("ssh", answer("done", { proof: "" }));
    expect(await ask({ proof: { hostKey: "ssh-ed25519 DDDD" } })).toBe("ssh-ed25519 DDDD");
    const call = readFileSync(join(folder, "ssh.calls"), "utf8");
    expect(call).toContain("KnownHostsCommand=/bin/echo %H ssh-ed25519 DDDD");
    expect(call).toContain("StrictHostKeyChecking=yes");
  });

  it("does not wait for a first boot that has failed, and quotes it", async () => {
    answers("ssh", answer("failed installing Docker: no space left on device"));
    await expect(ask()).rejects.toThrow(
      /^the first boot of eu-1 failed installing Docker: no space left on device\. Look at .* or replace the server\.$/,
    );
  });

  it("gives up in time, and says what was missing and what to try", async () => {
    answers("ssh", answer("done", { docker: "Cannot connect to the Docker daemon" }));
    await expect(ask({ withinSeconds: 0 })).rejects.toThrow(
      /^eu-1 \(203\.0\.113\.9\) was not ready within 0 s\. Last: Docker: Cannot connect to the Docker daemon\. The next run goes on waiting\. Does this work\? ssh -i ~\/\.ssh\/fleet root@203\.0\.113\.9 /,
    );
  });
});
