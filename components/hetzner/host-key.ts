/**
 * How a new server proves its host key, without trust on first use.
 *
 * An impostor between us and a server that was never connected to could pretend to be it. The server's provider passes
 * nothing from the server to us, but something from us to it: the keys that may log in. One of these is generated for this
 * server alone and used for nothing else, so only the server and its operator know it; with it the server signs its host
 * key (HMAC), which no impostor can.
 */
import { createHmac, createPrivateKey, createPublicKey } from "node:crypto";

/** DER of an Ed25519 private key, up to the 32 bytes that make it. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

const lengthAndBytes = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/**
 * The public key `ssh-ed25519 AAAA…` that belongs to a seed.
 *
 * @param seed 32 bytes, base64
 */
export function publicKeyOf(seed: string): string {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, Buffer.from(seed, "base64")]),
    format: "der",
    type: "pkcs8",
  });
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  const blob = Buffer.concat([
    lengthAndBytes(Buffer.from("ssh-ed25519")),
    lengthAndBytes(Buffer.from(x, "base64url")),
  ]);
  return `ssh-ed25519 ${blob.toString("base64")}`;
}

/** A host key's attestation, which takes the verification key to compute. Hexadecimal. */
export const attestationOf = (verificationKey: string, hostKey: string): string =>
  createHmac("sha256", verificationKey).update(hostKey).digest("hex");
