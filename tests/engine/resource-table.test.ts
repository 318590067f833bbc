import { describe, expect, it } from "vitest";
import { ResourceTable } from "../../engine/resource-table.ts";
import type { ResourceState } from "../../engine/state/checkpoint.ts";
import { createProviderReference } from "../../engine/urn.ts";
import { secret, UNKNOWN } from "../../engine/values.ts";
import { goal } from "./support/goals.ts";
import { resource } from "./support/states.ts";

const table = (...resources: ResourceState[]): ResourceTable => new ResourceTable({ resources, pending: [] });

describe("the resource table", () => {
  it("keeps a resource that was skipped, and what it needs", () => {
    const user = resource("user", { dependencies: [resource("base").urn] });
    const resources = table(resource("base"), resource("other"), user);
    const old = resources.matchAlias(goal("user", {}, { urn: user.urn }));
    expect(resources.keep(user.urn, old)).toBe(user);
    expect(resources.snapshot().resources).toContain(user);
    expect(resources.prunable()).toEqual([resource("other")]);
  });

  it("keeps what a resource under a former name needs", () => {
    const before = resource("before", { dependencies: [resource("base").urn] });
    const resources = table(resource("base"), before);
    const { urn } = resource("after");
    resources.keep(urn, resources.matchAlias(goal("after", {}, { urn, aliases: [before.urn] })));
    expect(resources.prunable()).toEqual([]);
  });

  it("does not keep what was already deleted for a replacement that then failed", () => {
    const resources = table(resource("a"));
    const old = resources.matchAlias(goal("a", {}, { urn: resource("a").urn }));
    resources.markDeletedBeforeReplace(resource("a").urn);
    expect(resources.keep(resource("a").urn, old)).toBeUndefined();
    expect(resources.snapshot().resources).toEqual([]);
  });

  it("puts back dependents that a failed replacement did not get to delete", () => {
    const resources = table(resource("user"));
    resources.markReplaced(resource("base").urn, [resource("user")]);
    expect(resources.unmatched()).toEqual([]);
    expect(resources.isDeletedBeforeReplace(resource("user").urn)).toBe(true);
    resources.restore([resource("user")]);
    expect(resources.unmatched()).toEqual([resource("user")]);
    expect(resources.isReplaced(resource("user").urn)).toBe(false);
  });

  it("lists a replaced resource for deletion next to its successor", () => {
    const replaced = resource("a", { delete: true });
    const resources = table(replaced, resource("a", { id: "second" }));
    resources.matchAlias(goal("a", {}, { urn: replaced.urn }));
    expect(resources.prunable()).toEqual([replaced]);
    resources.remove(replaced);
    expect(resources.snapshot().resources).toEqual([]);
  });

  it("keeps the last value of an output that is not known, and reports only outputs that differ", () => {
    const resources = table();
    resources.register(resource("a", { outputs: { x: 1, y: 2 } }));
    const { urn } = resource("a");
    expect(resources.setOutputs(urn, { x: 1, y: UNKNOWN })).toBeUndefined();
    expect(resources.setOutputs(urn, { x: 3, y: UNKNOWN })?.outputs).toEqual({ x: 3, y: 2 });
  });

  it("reveals the configuration of a provider, whether or not it is registered", () => {
    const provider = resource("provider", { inputs: { host: secret("h") } });
    const reference = createProviderReference(provider.urn, "1");
    const resources = table(provider);
    expect(resources.configurationOf(reference)).toEqual({ host: "h" });
    resources.matchAlias(goal("provider", {}, { urn: provider.urn }));
    resources.register(provider);
    expect(resources.configurationOf(reference)).toEqual({ host: "h" });
    expect(resources.configurationOf(undefined)).toEqual({});
  });
});
