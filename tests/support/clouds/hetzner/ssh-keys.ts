import { createHash } from "node:crypto";
import { z } from "zod";
import type { Routes } from "../routes.ts";
import { type Cloud, findAsked } from "./cloud.ts";
import { labels, name, read } from "./input.ts";
import { page } from "./pages.ts";
import type { SshKey } from "./records.ts";
import { invalid, Refusal } from "./refusal.ts";
import { sshKeyView } from "./views.ts";

const creation = z.object({ name, public_key: z.string(), labels: labels.optional() });
const update = z.object({ name: name.optional(), labels: labels.optional() });

/** As `ssh-keygen -E md5 -l` prints it. */
function fingerprintOf(publicKey: string): string {
  const [, blob] = /^(?:ssh|ecdsa|sk)-\S+ ([A-Za-z0-9+/]+=*)(?:\s|$)/.exec(publicKey) ?? [];
  if (blob === undefined) throw invalid("public_key", "SSH key format is invalid");
  const digest = createHash("md5").update(Buffer.from(blob, "base64")).digest("hex");
  return digest.match(/../g)?.join(":") ?? "";
}

export function sshKeys(cloud: Cloud): Routes {
  const show = (key: SshKey) => sshKeyView(cloud, key);
  return {
    "GET /ssh_keys": ({ query }) =>
      page("ssh_keys", [...cloud.sshKeys.values()].map(show), query, ["name", "fingerprint"]),
    "POST /ssh_keys": (asked) => {
      const wanted = read(asked, creation);
      const fingerprint = fingerprintOf(wanted.public_key);
      cloud.refuseTooMany("ssh_keys", cloud.sshKeys);
      cloud.refuseTaken("ssh_keys", cloud.sshKeys, wanted.name);
      if ([...cloud.sshKeys.values()].some((each) => each.fingerprint === fingerprint)) {
        throw new Refusal("uniqueness_error", "SSH key with the same fingerprint already exists");
      }
      const publicKey = wanted.public_key;
      const key: SshKey = { ...cloud.begin(wanted.name, wanted.labels), publicKey, fingerprint };
      cloud.sshKeys.set(key.id, key);
      return { status: 201, body: { ssh_key: show(key) } };
    },
    "GET /ssh_keys/:id": (asked) => ({
      status: 200,
      body: { ssh_key: show(findAsked("ssh_key", cloud.sshKeys, asked)) },
    }),
    "PUT /ssh_keys/:id": (asked) => {
      const key = findAsked("ssh_key", cloud.sshKeys, asked);
      const changed = read(asked, update);
      if (changed.name !== undefined) cloud.refuseTaken("ssh_keys", cloud.sshKeys, changed.name, key);
      Object.assign(key, changed);
      return { status: 200, body: { ssh_key: show(key) } };
    },
    "DELETE /ssh_keys/:id": (asked) => {
      cloud.sshKeys.delete(findAsked("ssh_key", cloud.sshKeys, asked).id);
      return { status: 204 };
    },
  };
}
