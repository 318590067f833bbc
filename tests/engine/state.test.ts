import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Backend, backendFolder } from "../../engine/state/backend.ts";
import type { ResourceState } from "../../engine/state/checkpoint.ts";
import { inOrder } from "../../engine/state/graph.ts";
import { LockedError, lock } from "../../engine/state/lock.ts";
import { Crypter } from "../../engine/state/passphrase.ts";
import { secret } from "../../engine/values.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agent-fleet-state-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const resource = (name: string, more: Partial<ResourceState> = {}): ResourceState => ({
  urn: `urn:pulumi:s::p::t::${name}`,
  custom: true,
  type: "t",
  id: `${name}-id`,
  ...more,
});

const backend = (): Backend => new Backend(join(folder, ".pulumi"), "p", "s");
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
    await backend().save({ resources: [state], pending: [] }, crypter);
    expect(readFileSync(backend().checkpointFile, "utf8")).not.toContain("hidden");
    expect(backend().checkpointFile).toBe(join(folder, ".pulumi/stacks/p/s.json"));
    expect(readFileSync(join(folder, ".pulumi/meta.yaml"), "utf8")).toBe("version: 1\n");
    expect(backend().load(crypter).resources).toEqual([state]);
  });

  it("says in the state which features a reader must know, as the CLI does", async () => {
    const versionOf = async (state: ResourceState): Promise<unknown> => {
      await backend().save({ resources: [state], pending: [] }, crypter);
      const { version, features } = JSON.parse(readFileSync(backend().checkpointFile, "utf8"));
      return [version, features];
    };
    expect(await versionOf(resource("a"))).toEqual([3, undefined]);
    expect(await versionOf(resource("a", { resourceHooks: { afterCreate: ["h"] } }))).toEqual([4, ["hooks"]]);
    expect(backend().load(crypter).resources[0]?.resourceHooks).toEqual({ afterCreate: ["h"] });
  });

  it("keeps the state before the last write beside it", async () => {
    await backend().save({ resources: [resource("a")], pending: [] }, crypter);
    await backend().save({ resources: [], pending: [] }, crypter);
    expect(readFileSync(`${backend().checkpointFile}.bak`, "utf8")).toContain("a-id");
  });

  it("says what is wrong with a damaged state, and where the one before is", async () => {
    await backend().save({ resources: [], pending: [] }, crypter);
    writeFileSync(backend().checkpointFile, "{");
    expect(() => backend().load(crypter)).toThrow(/is damaged.*\.bak/s);
  });

  it("refuses a state of another version or another secrets provider", async () => {
    mkdirSync(join(folder, ".pulumi/stacks/p"), { recursive: true });
    writeFileSync(backend().checkpointFile, JSON.stringify({ version: 5, checkpoint: {} }));
    expect(() => backend().load(crypter)).toThrow(/version 5/);
    writeFileSync(
      backend().checkpointFile,
      JSON.stringify({ version: 4, features: ["hooks", "views"], checkpoint: {} }),
    );
    expect(() => backend().load(crypter)).toThrow(/makes use of views/);
    const cloud = {
      version: 3,
      checkpoint: { stack: "s", latest: { secrets_providers: { type: "cloud" } } },
    };
    writeFileSync(backend().checkpointFile, JSON.stringify(cloud));
    expect(() => backend().load(crypter)).toThrow(/"cloud".*Use the Pulumi CLI/);
  });
});

describe("the journal", () => {
  const begin = (name: string, type: "creating" | "deleting") =>
    ({ op: "begin", pending: { type, resource: resource(name) } }) as const;

  it("is folded into the state of a run that was killed", async () => {
    await backend().save({ resources: [resource("old"), resource("gone")], pending: [] }, crypter);
    const journal = backend().journal(crypter);
    journal.append(begin("new", "creating"));
    journal.append({ op: "set", state: resource("new", { outputs: { token: secret("hidden") } }) });
    journal.append(begin("gone", "deleting"));
    journal.append({ op: "remove", urn: resource("gone").urn });
    journal.append(begin("half", "creating"));
    const { resources, pending } = backend().load(crypter);
    expect(resources.map(({ id }) => id)).toEqual(["old-id", "new-id"]);
    expect(resources[1]?.outputs).toEqual({ token: secret("hidden") });
    expect(pending.map(({ type, resource: { id } }) => `${type} ${id}`)).toEqual(["creating half-id"]);
    expect(readFileSync(join(folder, ".pulumi/stacks/p/s.journal"), "utf8")).not.toContain("hidden");
  });

  it("takes a line that was cut off for a step that has not ended", async () => {
    await backend().save({ resources: [], pending: [] }, crypter);
    backend().journal(crypter).append(begin("half", "creating"));
    appendFileSync(join(folder, ".pulumi/stacks/p/s.journal"), '{"op":"set","state":{"urn":"urn:pul');
    const { resources, pending } = backend().load(crypter);
    expect([resources, pending.length]).toEqual([[], 1]);
  });

  it("keeps a replaced resource beside its successor until it is removed", async () => {
    await backend().save({ resources: [resource("a")], pending: [] }, crypter);
    const journal = backend().journal(crypter);
    const retired = resource("a", { delete: true });
    journal.append({ op: "set", state: resource("a", { id: "second" }), retired });
    expect(
      backend()
        .load(crypter)
        .resources.map(({ id }) => id),
    ).toEqual(["second", "a-id"]);
    journal.append({ op: "remove", urn: retired.urn, id: "a-id" });
    expect(
      backend()
        .load(crypter)
        .resources.map(({ id }) => id),
    ).toEqual(["second"]);
  });

  it("is gone when the state is written", async () => {
    const journal = backend().journal(crypter);
    mkdirSync(join(folder, ".pulumi/stacks/p"), { recursive: true });
    journal.append(begin("a", "creating"));
    await backend().save({ resources: [], pending: [] }, crypter);
    expect(backend().hasJournal()).toBe(false);
  });
});

describe("the lock", () => {
  const directory = (): string => join(folder, "locks");
  const write = (holder: object): void => {
    mkdirSync(directory(), { recursive: true });
    writeFileSync(
      join(directory(), "other.json"),
      JSON.stringify({ username: "u", timestamp: new Date().toISOString(), ...holder }),
    );
  };

  it("keeps a second run out until the first is done", () => {
    const unlock = lock(directory());
    expect(() => lock(directory())).toThrow(LockedError);
    unlock();
    lock(directory())();
    expect(readdirSync(directory())).toEqual([]);
  });

  it("of a dead process is taken over", () => {
    write({ pid: 2 ** 22 + 1, hostname: hostname() });
    lock(directory())();
    expect(existsSync(join(directory(), "other.json"))).toBe(false);
  });

  it("of a process whose number was given to another since is taken over", () => {
    write({ pid: process.ppid, hostname: hostname(), timestamp: "2020-01-01T00:00:00.000Z" });
    expect(() => lock(directory())()).not.toThrow();
  });

  it("of another machine is respected, because nobody can see from here whether it lives", () => {
    write({ pid: 1, hostname: "elsewhere" });
    expect(() => lock(directory())).toThrow(/on elsewhere.*remove/s);
  });
});

describe("inOrder", () => {
  it("puts everything after what it needs, and leaves the rest as it is", () => {
    const [a, b, c, d] = [
      resource("a", { dependencies: ["urn:pulumi:s::p::t::c"] }),
      resource("b"),
      resource("c", { parent: "urn:pulumi:s::p::t::d" }),
      resource("d"),
    ];
    expect(inOrder([a, b, c, d])).toEqual([d, c, a, b]);
  });
});
