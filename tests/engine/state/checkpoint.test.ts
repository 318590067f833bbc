import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openSnapshot, parseCheckpoint, renderCheckpoint, saltOf } from "../../../engine/state/checkpoint.ts";
import { Crypter } from "../../../engine/state/passphrase.ts";

/** Written by the Pulumi CLI with the passphrase `sample`. */
const file = join(import.meta.dirname, "../fixtures/cli-checkpoint.json");
const original = parseCheckpoint(readFileSync(file, "utf8"), file);

describe("a checkpoint of the Pulumi CLI", () => {
  it("is the same after it was read and written, but for the time and the ciphertexts", async () => {
    const crypter = await Crypter.open("sample", saltOf(original) ?? "");
    const snapshot = openSnapshot(original, crypter);
    const written = parseCheckpoint(await renderCheckpoint("organization/p/s", snapshot, crypter), file);
    expect(openSnapshot(written, crypter)).toEqual(snapshot);
    // Compared as text, because the order of a resource's fields must be kept as well.
    const comparable = (checkpoint: typeof original): string =>
      JSON.stringify(checkpoint.checkpoint.latest?.resources).replace(
        /"ciphertext":"[^"]+"/g,
        '"ciphertext":""',
      );
    expect(comparable(written)).toBe(comparable(original));
  });

  it("contains nothing else than JSON objects", () => {
    expect(() => parseCheckpoint("null", "s.json")).toThrow(/checkpoint version undefined/);
    expect(() => parseCheckpoint("{", "s.json")).toThrow(/s\.json is damaged .* in s\.json\.bak\.$/);
  });
});
