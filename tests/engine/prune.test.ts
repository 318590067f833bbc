import { describe, expect, it } from "vitest";
import { pruneInOrder } from "../../engine/prune.ts";
import { resource } from "./support/states.ts";

const [base, near, far, other] = [
  resource("base"),
  resource("near", { dependencies: [resource("base").urn] }),
  resource("far", { dependencies: [resource("near").urn] }),
  resource("other"),
];

async function pruned(failing?: string): Promise<string[]> {
  const order: string[] = [];
  await pruneInOrder([base, near, far, other], async ({ id = "" }) => {
    order.push(id);
    return id !== failing;
  });
  return order;
}

describe("pruning", () => {
  it("deletes each resource once, after everything that depends on it", async () => {
    expect(await pruned()).toEqual(["other-id", "far-id", "near-id", "base-id"]);
  });

  it("leaves what a resource depends on that could not be deleted", async () => {
    expect(await pruned("far-id")).toEqual(["other-id", "far-id"]);
  });
});
