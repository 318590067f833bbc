import resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import { describe, expect, it } from "vitest";
import { decodeGoal } from "../../../engine/wire/decode-goal.ts";
import { toStruct } from "../../../engine/wire/struct.ts";
import { urn } from "../support/goals.ts";

type Request = resourceProto.RegisterResourceRequest;

const NAME = { stack: "s", project: "p" };

function request(change: (request: Request) => void = () => {}): Request {
  const result = new resourceProto.RegisterResourceRequest();
  result.setType("pulumi:index:Stash");
  result.setName("a");
  result.setCustom(true);
  change(result);
  return result;
}

describe("a registration", () => {
  it("is decoded with everything that the program may leave out", () => {
    expect(decodeGoal(request(), NAME)).toEqual({
      urn: urn("a"),
      type: "pulumi:index:Stash",
      name: "a",
      custom: true,
      inputs: {},
      parent: undefined,
      provider: undefined,
      dependencies: [],
      propertyDependencies: {},
      aliases: [],
      deleteBeforeReplace: false,
      ignoreChanges: [],
      replaceOnChanges: [],
      replaceWith: [],
      deletedWith: undefined,
      protect: false,
      retainOnDelete: false,
      additionalSecretOutputs: [],
      hooks: { afterCreate: [], afterUpdate: [] },
    });
  });

  it("is decoded with everything that it may contain, dependencies in order", () => {
    const goal = decodeGoal(
      request((each) => {
        each.setObject(toStruct({ input: 1 }));
        each.setParent(urn("parent", "pkg:index:Parent"));
        each.setProvider(`${urn("provider")}::1`);
        each.setDependenciesList([urn("c"), urn("b")]);
        const dependencies = new resourceProto.RegisterResourceRequest.PropertyDependencies();
        dependencies.setUrnsList([urn("e"), urn("d")]);
        each.getPropertydependenciesMap().set("input", dependencies);
        each.setAliasurnsList([urn("before")]);
        each.setReplaceWithList([urn("base")]);
        each.setDeletedwith(urn("base"));
        each.setProtect(true);
        const hooks = new resourceProto.RegisterResourceRequest.ResourceHooksBinding();
        hooks.setAfterCreateList(["limit"]);
        each.setHooks(hooks);
      }),
      NAME,
    );
    expect(goal).toMatchObject({
      urn: "urn:pulumi:s::p::pkg:index:Parent$pulumi:index:Stash::a",
      inputs: { input: 1 },
      parent: urn("parent", "pkg:index:Parent"),
      provider: `${urn("provider")}::1`,
      dependencies: [urn("b"), urn("c")],
      propertyDependencies: { input: [urn("d"), urn("e")] },
      aliases: [urn("before")],
      replaceWith: [urn("base")],
      deletedWith: urn("base"),
      protect: true,
      hooks: { afterCreate: ["limit"], afterUpdate: [] },
    });
  });

  it("of a provider carries its version among the inputs, as in the CLI's state", () => {
    const { inputs } = decodeGoal(
      request((each) => {
        each.setType("pulumi:providers:docker");
        each.setVersion("5.2.0");
        each.setObject(toStruct({ host: "unix:///x" }));
      }),
      NAME,
    );
    expect(inputs).toEqual({ __internal: {}, host: "unix:///x", version: "5.2.0" });
  });

  const hooks = (
    change: (hooks: resourceProto.RegisterResourceRequest.ResourceHooksBinding) => void,
  ): ((request: Request) => void) => {
    const binding = new resourceProto.RegisterResourceRequest.ResourceHooksBinding();
    change(binding);
    return (each) => each.setHooks(binding);
  };

  it.each<[string, (request: Request) => void]>([
    ["components that a plugin creates", (each) => each.setRemote(true)],
    ["import", (each) => each.setImportid("x")],
    ["replacementTrigger", (each) => each.setReplacementTrigger(toStruct({ x: 1 }).getFieldsMap().get("x"))],
    ["hooks that run before a step", hooks((each) => each.setBeforeCreateList(["h"]))],
    ["hooks that run before a step", hooks((each) => each.setBeforeUpdateList(["h"]))],
    ["hooks that run before a step", hooks((each) => each.setBeforeDeleteList(["h"]))],
    ["hooks that run after a deletion", hooks((each) => each.setAfterDeleteList(["h"]))],
  ])("is refused if it uses %s", (what, change) => {
    expect(() => decodeGoal(request(change), NAME)).toThrow(
      `a: the embedded engine does not implement ${what}; use the Pulumi CLI`,
    );
  });
});
