import { describe, expect, it } from "vitest";
import { dependents, inOrder, needs } from "../../../engine/state/graph.ts";
import { createProviderReference } from "../../../engine/urn.ts";
import { resource } from "../support/states.ts";

describe("needs", () => {
  it("are the parent, the provider, every dependency, and what the resource is deleted with", () => {
    const { urn: provider } = resource("provider");
    const state = resource("a", {
      parent: resource("parent").urn,
      provider: createProviderReference(provider, "1"),
      dependencies: [resource("b").urn],
      propertyDependencies: { key: [resource("c").urn] },
      deletedWith: resource("d").urn,
    });
    expect(needs(state)).toEqual(["parent", "provider", "b", "c", "d"].map((name) => resource(name).urn));
  });
});

describe("dependents", () => {
  it("are listed once per resource", () => {
    const { urn } = resource("a");
    const user = resource("user", { parent: urn, dependencies: [urn] });
    expect(dependents([resource("a"), user])).toEqual(new Map([[urn, [user]]]));
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
