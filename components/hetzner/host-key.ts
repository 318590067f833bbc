/**
 * How a new server shows whose host key it has.
 *
 * Somebody between us and a server that we have never seen could pretend to be it. The server's provider carries nothing
 * from it to us, but something from us to it: the keys that may log in. One of these is drawn for this server alone and used
 * for nothing else, so nobody else knows it; by it the server signs its host key (HMAC), and whoever cannot is a stranger.
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

/** What only whoever knows the introduction can say of a host key. Hexadecimal. */
export const proofOf = (introduction: string, hostKey: string): string =>
  createHmac("sha256", introduction).update(hostKey).digest("hex");
