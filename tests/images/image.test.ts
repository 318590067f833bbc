import { describe, expect, it } from "vitest";
import { SERVICES } from "../../fleet/services/index.ts";
import { gatewayImage, serviceImage } from "../../images/image.ts";

/** The instructions that an import accepts. */
const INSTRUCTION = /^(CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|USER|VOLUME|WORKDIR) (.+)$/;

const IMAGES = [
  ["gateway", gatewayImage("openclaw/openclaw:2026.9.6")] as const,
  ...SERVICES.map(({ title, recipe }) => [title, serviceImage("service:2.11.4", recipe)] as const),
];

describe.each(IMAGES)("an image of the %s that is built from packages", (_, image) => {
  it("has settings that an import accepts, with well-formed lists", () => {
    for (const setting of image.recipe().settings) {
      expect(setting).toMatch(INSTRUCTION);
      const list = /\[.*\]$/.exec(setting)?.[0];
      if (list !== undefined) expect(() => JSON.parse(list)).not.toThrow();
    }
  });
});

describe("a service's image", () => {
  it("has the version in its name wherever its recipe asks for it", () => {
    const recipe = { packages: ["squid"], settings: ["ENV VERSION=v{version}"] };
    expect(serviceImage("example/squid:6.6-24.04_beta", recipe).recipe()).toEqual({
      packages: ["squid"],
      tools: [],
      finish: "",
      settings: ["ENV VERSION=v6.6"],
    });
  });

  it("cannot be built under a name without a version", () => {
    const image = serviceImage("echo:latest", { packages: [], settings: [] });
    expect(() => image.recipe()).toThrow("echo:latest cannot be built");
  });
});

describe("the ingress's image", () => {
  it("keeps certificates where Caddy's own does", () => {
    const [, image] = IMAGES.find(([title]) => title === "ingress") ?? [];
    expect(image?.recipe().settings).toContain("ENV XDG_DATA_HOME=/data");
  });
});
