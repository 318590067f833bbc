/**
 * Pulumi's passphrase secrets provider: AES-256-GCM under a key that PBKDF2 derives from the passphrase. Its output is
 * interchangeable with that of the Pulumi CLI (`sdk/go/common/resource/config/crypt.go`).
 */
import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const SALT_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Encrypted as part of the salt, so that a wrong passphrase is noticed before anything else is read. */
const PROOF = "pulumi";

const derive = promisify(pbkdf2);

export class WrongPassphraseError extends Error {
  override readonly name = "WrongPassphraseError";
  constructor() {
    super(
      "The passphrase does not open this stack's secrets. Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one that the stack was created with.",
    );
  }
}

export class Crypter {
  readonly #key: Buffer;
  /** `v1:SALT:PROOF`, as `encryptionsalt` in a stack's YAML and in its checkpoint. */
  readonly salt: string;

  private constructor(key: Buffer, salt: string) {
    this.#key = key;
    this.salt = salt;
  }

  /** A new salt for a new stack. */
  static async create(passphrase: string): Promise<Crypter> {
    const salt = randomBytes(SALT_BYTES);
    const key = await derive(passphrase, salt, ITERATIONS, KEY_BYTES, "sha256");
    const proof = new Crypter(key, "").encrypt(PROOF);
    return new Crypter(key, `v1:${salt.toString("base64")}:${proof}`);
  }

  /** @throws WrongPassphraseError */
  static async open(passphrase: string, salt: string): Promise<Crypter> {
    const [version, encoded = "", ...proof] = salt.split(":");
    if (version !== "v1") throw new Error(`The encryption salt ${salt} has an unknown version.`);
    const key = await derive(passphrase, Buffer.from(encoded, "base64"), ITERATIONS, KEY_BYTES, "sha256");
    const crypter = new Crypter(key, salt);
    if (crypter.decrypt(proof.join(":")) !== PROOF) throw new WrongPassphraseError();
    return crypter;
  }

  encrypt(text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  }

  /** @throws WrongPassphraseError if the text was encrypted under another key */
  decrypt(text: string): string {
    const [, nonce = "", sealed = ""] = text.split(":");
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.#key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
    } catch {
      throw new WrongPassphraseError();
    }
  }
}
