import { describe, expect, it } from "vitest";
import { SERVICES } from "../../fleet/services/index.ts";
import { ingress } from "../../fleet/services/ingress/service.ts";
import { gatewayRecipe } from "../../images/gateway.ts";
import { serviceImage } from "../../images/image.ts";
import type { Recipe } from "../../images/recipe.ts";

/** The instructions that an import accepts. */
const INSTRUCTION = /^(CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|USER|VOLUME|WORKDIR) (.+)$/;

describe.each<[string, Recipe]>([
  ["gateway", gatewayRecipe("2026.9.6")],
  ...SERVICES.map(({ title, recipe }): [string, Recipe] => [title, serviceImage("image:2.11.4", recipe).recipe()]),
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

describe("a service's image", () => {
  it("has the version of its tag wherever its recipe names it", () => {
    const { settings } = serviceImage("caddy:2.11.4", ingress.recipe).recipe();
    expect(settings).toContain("ENV CADDY_VERSION=v2.11.4");
    expect(settings.join()).not.toContain("{version}");
  });

  it("keeps certificates where Caddy's own does", () => {
    expect(ingress.recipe.settings).toContain("ENV XDG_DATA_HOME=/data");
  });
});
