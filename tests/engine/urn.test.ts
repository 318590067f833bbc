import { describe, expect, it } from "vitest";
import {
  createProviderReference,
  createUrn,
  isProviderType,
  nameOf,
  parseProviderReference,
  parseUrn,
  providerUrn,
  typeOf,
} from "../../engine/urn.ts";

const stack = createUrn("s", "p", "pulumi:pulumi:Stack", "p-s");
const parent = createUrn("s", "p", "pkg:index:Parent", "parent", stack);
const child = createUrn("s", "p", "pkg:index:Child", "child", parent);

describe("a URN", () => {
  it("names the types of a resource's parents, but not that of the stack", () => {
    expect(parent).toBe("urn:pulumi:s::p::pkg:index:Parent::parent");
    expect(child).toBe("urn:pulumi:s::p::pkg:index:Parent$pkg:index:Child::child");
  });

  it("gives the name and the resource's own type", () => {
    expect([nameOf(child), typeOf(child)]).toEqual(["child", "pkg:index:Child"]);
  });

  it("is refused if it is not one", () => {
    expect(() => parseUrn("child")).toThrow('"child" is not a Pulumi URN');
    expect(() => parseProviderReference("child::1")).toThrow(/is not a reference to a Pulumi provider/);
  });
});

describe("a provider reference", () => {
  it("is the provider's URN and ID", () => {
    const provider = createUrn("s", "p", "pulumi:providers:docker", "local");
    const reference = createProviderReference(provider, "id");
    expect(reference).toBe(`${provider}::id`);
    expect(providerUrn(reference)).toBe(provider);
    expect([isProviderType(typeOf(provider)), isProviderType(typeOf(child))]).toEqual([true, false]);
  });
});
