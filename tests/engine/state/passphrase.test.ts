import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSnapshot, parseCheckpoint, saltOf } from "../../../engine/state/checkpoint.ts";
import { Crypter, WrongPassphraseError } from "../../../engine/state/passphrase.ts";
import { isSecret, reveal } from "../../../engine/values.ts";

/** Written by the Pulumi CLI with the passphrase `sample`. */
const file = join(import.meta.dirname, "../fixtures/cli-checkpoint.json");
const checkpoint = parseCheckpoint(readFileSync(file, "utf8"), file);
const salt = saltOf(checkpoint) ?? "";

describe("a passphrase", () => {
  it("opens what the Pulumi CLI has sealed", async () => {
    const crypter = await Crypter.open("sample", salt);
    const { resources } = openSnapshot(checkpoint, crypter);
    const token = resources.find(({ urn }) => urn.endsWith("::alice-token"));
    expect(isSecret(token?.outputs?.["result"])).toBe(true);
    expect(reveal(token?.outputs ?? {})["result"]).toMatch(/^[A-Za-z0-9]{32}$/);
    const gateway = resources.find(({ urn }) => urn.endsWith("::alice-gateway"));
    expect(reveal(gateway?.inputs ?? {})["envs"]).toContain(
      `OPENCLAW_GATEWAY_TOKEN=${reveal(token?.outputs ?? {})["result"]}`,
    );
  });

  it("that is wrong is noticed before anything is read", async () => {
    await expect(Crypter.open("other", salt)).rejects.toThrow(WrongPassphraseError);
  });

  it("seals the same text differently each time, and opens it again", async () => {
    const crypter = await Crypter.create("new");
    const [one, other] = [crypter.encrypt("text"), crypter.encrypt("text")];
    expect(one).not.toBe(other);
    const again = await Crypter.open("new", crypter.salt);
    expect([again.decrypt(one), again.decrypt(other)]).toEqual(["text", "text"]);
  });

  it("does not open a text that was altered", async () => {
    const crypter = await Crypter.create("new");
    const [version, nonce, sealed = ""] = crypter.encrypt("text").split(":");
    const bytes = Buffer.from(sealed, "base64");
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(() => crypter.decrypt([version, nonce, bytes.toString("base64")].join(":"))).toThrow(
      WrongPassphraseError,
    );
  });
});
