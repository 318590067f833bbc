import { describe, expect, it } from "vitest";
import { gatewayRecipe } from "../../images/gateway.ts";

describe("the gateway's image", () => {
  const { finish, settings } = gatewayRecipe("2026.9.6");

  it("runs as OpenClaw's own does: user 1000 in /app", () => {
    expect(settings).toEqual(expect.arrayContaining(["USER node", "WORKDIR /app"]));
    expect(finish).toContain("node:x:1000:1000::/home/node:");
  });

  it("has the state folders, so that a new volume belongs to its user", () => {
    expect(finish).toMatch(/install -d -o 1000 -g 1000 .*\/home\/node\/\.openclaw"/);
  });
});
