import { describe, expect, it } from "vitest";
import { caddyRecipe } from "../../images/caddy.ts";
import { gatewayRecipe } from "../../images/gateway.ts";
import { squidRecipe } from "../../images/squid.ts";

/** The instructions that an import accepts. */
const INSTRUCTION = /^(CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|USER|VOLUME|WORKDIR) (.+)$/;

describe.each([
  ["gateway", gatewayRecipe("2026.9.6")],
  ["ingress", caddyRecipe("2.11.4")],
  ["egress proxy", squidRecipe()],
])("the settings of the %s", (_, { settings }) => {
  it("are instructions that an import accepts, with well-formed lists", () => {
    for (const setting of settings) {
      expect(setting).toMatch(INSTRUCTION);
      const list = /\[.*\]$/.exec(setting)?.[0];
      if (list !== undefined) expect(() => JSON.parse(list)).not.toThrow();
    }
  });
});

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

describe("the ingress's image", () => {
  it("keeps certificates where Caddy's own does", () => {
    expect(caddyRecipe("2.11.4").settings).toContain("ENV XDG_DATA_HOME=/data");
  });
});
