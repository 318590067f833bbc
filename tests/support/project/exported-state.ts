/** A stack's state, made without a daemon or a cloud: what `pulumi stack export` would write after the program's run. */
import { Crypter } from "pulumi-embedded-engine/state";
import { encryptSecrets, type Properties } from "pulumi-embedded-engine/values";
import type { Goal } from "pulumi-embedded-engine/wire";
import type { Recorded } from "./recording-engine.ts";

/** What the providers put out in addition to the inputs, as far as the program reads it. */
export function providerOutputs({ type, inputs }: Goal): Properties {
  switch (type) {
    case "pulumi:index:Stash":
      return { output: inputs["input"] ?? null };
    case "random:index/randomBytes:RandomBytes":
      return { hex: "00".repeat(16), base64: "AA==" };
    case "docker:index/container:Container":
      return inputs["attach"] === true ? { exitCode: 0, containerLogs: "" } : {};
    default:
      return {};
  }
}

/** @param recorded of a run that was not a preview */
export async function exportedState({ created }: Recorded, passphrase: string): Promise<string> {
  const crypter = await Crypter.create(passphrase);
  const encrypted = (properties: Properties): Properties =>
    encryptSecrets(properties, (text) => crypter.encrypt(text));
  const resources = created.map(({ goal, id, outputs }) => ({
    ...goal,
    ...(id === "" ? {} : { id }),
    inputs: encrypted(goal.inputs),
    outputs: encrypted(outputs),
    name: undefined,
    aliases: undefined,
    deleteBeforeReplace: undefined,
    hooks: undefined,
    resourceHooks: goal.hooks,
  }));
  return JSON.stringify({
    version: 4,
    features: ["hooks", "replaceWith"],
    deployment: {
      manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "v3.260.0" },
      secrets_providers: { type: "passphrase", state: { salt: crypter.salt } },
      resources,
    },
  });
}
