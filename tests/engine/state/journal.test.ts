import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Crypter } from "../../../engine/state/passphrase.ts";
import { secret } from "../../../engine/values.ts";
import { resource, testFolder } from "../support/states.ts";

const folder = testFolder();
const crypter = await Crypter.create("x");

describe("the journal", () => {
  const begin = (name: string, type: "creating" | "deleting") =>
    ({ op: "begin", pending: { type, resource: resource(name) } }) as const;

  it("is folded into the state of a run that was killed", async () => {
    await folder.backend().save({ resources: [resource("old"), resource("gone")], pending: [] }, crypter);
    const journal = folder.backend().journal(crypter);
    journal.append(begin("new", "creating"));
    journal.append({ op: "set", state: resource("new", { outputs: { token: secret("hidden") } }) });
    journal.append(begin("gone", "deleting"));
    journal.append({ op: "remove", urn: resource("gone").urn });
    journal.append(begin("half", "creating"));
    const { resources, pending } = folder.backend().load(crypter);
    expect(resources.map(({ id }) => id)).toEqual(["old-id", "new-id"]);
    expect(resources[1]?.outputs).toEqual({ token: secret("hidden") });
    expect(pending.map(({ type, resource: { id } }) => `${type} ${id}`)).toEqual(["creating half-id"]);
    expect(readFileSync(join(folder.path, ".pulumi/stacks/p/s.journal"), "utf8")).not.toContain("hidden");
  });

  it("treats a line that was cut off as a step that has not ended", async () => {
    await folder.backend().save({ resources: [], pending: [] }, crypter);
    folder.backend().journal(crypter).append(begin("half", "creating"));
    appendFileSync(join(folder.path, ".pulumi/stacks/p/s.journal"), '{"op":"set","state":{"urn":"urn:pul');
    const { resources, pending } = folder.backend().load(crypter);
    expect([resources, pending.length]).toEqual([[], 1]);
  });

  it("keeps a replaced resource next to its successor until it is deleted", async () => {
    await folder.backend().save({ resources: [resource("a")], pending: [] }, crypter);
    const journal = folder.backend().journal(crypter);
    const pendingDelete = resource("a", { delete: true });
    journal.append({ op: "set", state: resource("a", { id: "second" }), pendingDelete });
    expect(
      folder
        .backend()
        .load(crypter)
        .resources.map(({ id }) => id),
    ).toEqual(["second", "a-id"]);
    journal.append({ op: "remove", urn: pendingDelete.urn, id: "a-id" });
    expect(
      folder
        .backend()
        .load(crypter)
        .resources.map(({ id }) => id),
    ).toEqual(["second"]);
  });

  it("is removed when the state is written", async () => {
    const journal = folder.backend().journal(crypter);
    mkdirSync(join(folder.path, ".pulumi/stacks/p"), { recursive: true });
    journal.append(begin("a", "creating"));
    await folder.backend().save({ resources: [], pending: [] }, crypter);
    expect(folder.backend().hasJournal()).toBe(false);
  });

  it("moves a resource that was found under an alias, together with its pending operation", async () => {
    await folder.backend().save({ resources: [resource("before")], pending: [] }, crypter);
    const journal = folder.backend().journal(crypter);
    const { urn: formerUrn } = resource("before");
    journal.append({ op: "begin", pending: { type: "updating", resource: resource("before") } });
    expect(folder.backend().load(crypter).resources).toEqual([resource("before")]);
    journal.append({ op: "set", state: resource("after"), formerUrn });
    expect(folder.backend().load(crypter)).toEqual({ resources: [resource("after")], pending: [] });
  });
});
