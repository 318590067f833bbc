import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { backendFolder } from "../../../engine/state/backend.ts";
import type { ResourceState } from "../../../engine/state/checkpoint.ts";
import { Crypter } from "../../../engine/state/passphrase.ts";
import { secret } from "../../../engine/values.ts";
import { resource, testFolder } from "../support/states.ts";

const folder = testFolder();
const crypter = await Crypter.create("x");

describe("the file backend", () => {
  it.each([
    ["file:///a/b", "/a/b/.pulumi"],
    ["file://./state", "/base/state/.pulumi"],
  ])("%s is %s", (url, path) => {
    expect(backendFolder(url, "/base")).toBe(path);
  });

  it("leaves other backends to the Pulumi CLI", () => {
    expect(() => backendFolder("https://api.example.com", "/")).toThrow(/needs the Pulumi CLI/);
  });

  it("keeps a state, secrets sealed, in the layout that the CLI looks for", async () => {
    const state = resource("a", { outputs: { token: secret("hidden"), plain: 1 } });
    await folder.backend().save({ resources: [state], pending: [] }, crypter);
    expect(readFileSync(folder.backend().checkpointFile, "utf8")).not.toContain("hidden");
    expect(folder.backend().checkpointFile).toBe(join(folder.path, ".pulumi/stacks/p/s.json"));
    expect(readFileSync(join(folder.path, ".pulumi/meta.yaml"), "utf8")).toBe("version: 1\n");
    expect(folder.backend().load(crypter).resources).toEqual([state]);
  });

  it("says in the state which features a reader must know, as the CLI does", async () => {
    const versionOf = async (state: ResourceState): Promise<unknown> => {
      await folder.backend().save({ resources: [state], pending: [] }, crypter);
      const { version, features } = JSON.parse(readFileSync(folder.backend().checkpointFile, "utf8"));
      return [version, features];
    };
    expect(await versionOf(resource("a"))).toEqual([3, undefined]);
    expect(await versionOf(resource("a", { resourceHooks: { afterCreate: ["h"] } }))).toEqual([4, ["hooks"]]);
    expect(folder.backend().load(crypter).resources[0]?.resourceHooks).toEqual({ afterCreate: ["h"] });
  });

  it("keeps the state before the last write next to it", async () => {
    await folder.backend().save({ resources: [resource("a")], pending: [] }, crypter);
    await folder.backend().save({ resources: [], pending: [] }, crypter);
    expect(readFileSync(`${folder.backend().checkpointFile}.bak`, "utf8")).toContain("a-id");
  });

  it("explains a damaged state, and where the previous one is", async () => {
    await folder.backend().save({ resources: [], pending: [] }, crypter);
    writeFileSync(folder.backend().checkpointFile, "{");
    expect(() => folder.backend().load(crypter)).toThrow(/is damaged.*\.bak/s);
  });

  it("refuses a state of another version or another secrets provider", async () => {
    mkdirSync(join(folder.path, ".pulumi/stacks/p"), { recursive: true });
    writeFileSync(folder.backend().checkpointFile, JSON.stringify({ version: 5, checkpoint: {} }));
    expect(() => folder.backend().load(crypter)).toThrow(/version 5/);
    writeFileSync(
      folder.backend().checkpointFile,
      JSON.stringify({ version: 4, features: ["hooks", "views"], checkpoint: {} }),
    );
    expect(() => folder.backend().load(crypter)).toThrow(/uses views/);
    const cloud = {
      version: 3,
      checkpoint: { stack: "s", latest: { secrets_providers: { type: "cloud" } } },
    };
    writeFileSync(folder.backend().checkpointFile, JSON.stringify(cloud));
    expect(() => folder.backend().load(crypter)).toThrow(/"cloud".*Use the Pulumi CLI/);
  });

  it("refuses a state whose resources it could not find again", async () => {
    await folder.backend().save({ resources: [], pending: [] }, crypter);
    const state = {
      version: 3,
      checkpoint: { stack: "s", latest: { resources: [{ urn: "a", type: "t" }] } },
    };
    writeFileSync(folder.backend().checkpointFile, JSON.stringify(state));
    expect(() => folder.backend().load(crypter)).toThrow(/is damaged \(a resource has no valid URN/);
  });

  it("removes the checksum that the CLI left for its own state, because the CLI would reject the new one", async () => {
    await folder.backend().save({ resources: [], pending: [] }, crypter);
    const checksum = `${folder.backend().checkpointFile}.attrs`;
    writeFileSync(checksum, "{}");
    await folder.backend().save({ resources: [resource("a")], pending: [] }, crypter);
    expect(existsSync(checksum)).toBe(false);
  });

  it("shows resources without the passphrase, secrets still encrypted", async () => {
    const state = resource("a", { outputs: { token: secret("hidden"), plain: 1 } });
    await folder.backend().save({ resources: [state], pending: [] }, crypter);
    const [sealed] = folder.backend().sealedResources();
    expect(sealed?.outputs).toMatchObject({ plain: 1, token: { ciphertext: expect.any(String) } });
  });
});
