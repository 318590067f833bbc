import { describe, expect, it } from "vitest";
import { attestationOf, publicKeyOf } from "../../../components/hetzner/host-key.ts";

describe("the verification key", () => {
  it("is the Ed25519 public key of its seed (RFC 8032, section 7.1, test 1)", () => {
    const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
    const [type, blob = ""] = publicKeyOf(seed.toString("base64")).split(" ");
    expect(type).toBe("ssh-ed25519");
    const bytes = Buffer.from(blob, "base64");
    expect(bytes.subarray(0, 19).toString("latin1")).toBe("\0\0\0\vssh-ed25519\0\0\0 ");
    expect(bytes.subarray(19).toString("hex")).toBe(
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    );
  });
});

describe("an attestation", () => {
  it("is valid for one host key and one verification key only", () => {
    const attestation = attestationOf("ssh-ed25519 AAAA", "ssh-ed25519 BBBB");
    // printf 'ssh-ed25519 BBBB' | openssl dgst -sha256 -hmac 'ssh-ed25519 AAAA'
    expect(attestation).toBe("d3c2ba21c7420929647eb7c7e7f8ab478d8ee062d63864185ef11173f130a441");
    expect(attestationOf("ssh-ed25519 AAAA", "ssh-ed25519 CCCC")).not.toBe(attestation);
    expect(attestationOf("ssh-ed25519 AAAB", "ssh-ed25519 BBBB")).not.toBe(attestation);
  });
});
