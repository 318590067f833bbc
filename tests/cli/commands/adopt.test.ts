import { describe, expect, it } from "vitest";
import { renderAdoption, renderLeftOver } from "../../../cli/commands/adopt.ts";

const resource = (name: string) => ({
  urn: `urn:pulumi:s::p::docker:index/container:Container::${name}` as const,
  type: "docker:index/container:Container",
  name,
});

describe("what an adoption shows", () => {
  it("is what it takes over, what differs, what is missing, and whose token is new", () => {
    const adopted = [
      { ...resource("alice-gateway"), id: "1", differing: [] },
      { ...resource("bob-gateway"), id: "2", differing: ["envs", "image"] },
    ];
    const result = { adopted, missing: [resource("dave-gateway")], errors: [] };
    expect(renderAdoption(result, { newTokens: ["carol", "eve"] })).toEqual([
      "Taken over:",
      "  container       alice-gateway              as the stack file asks for",
      "  container       bob-gateway                differs: envs, image",
      "Not found; `up` creates it:",
      "  container       dave-gateway",
      "Without a container that has their token, and given a new one: carol, eve",
    ]);
    expect(renderAdoption({ ...result, missing: [] }, { newTokens: [] })).toHaveLength(3);
  });

  it("is also what it leaves alone", () => {
    const volume = { host: "one", kind: "volume", object: { id: "v", name: "v", labels: {} } } as const;
    expect(renderLeftOver([volume], ["one: docker rm --force c"])).toEqual([
      "Not where the stack file has it, and left alone. To remove it, on its host:",
      "  one: docker rm --force c",
      "Data that stays as it is: volume v",
    ]);
    expect(renderLeftOver([], [])).toEqual([]);
  });
});
