import { describe, expect, it } from "vitest";
import { activeServices, SERVICES } from "../../../fleet/services/index.ts";
import { settingsOf, TAILNET } from "../../support/fleets.ts";

const distinct = (values: readonly string[]): void => expect(new Set(values).size).toBe(values.length);

describe("SERVICES", () => {
  it("have names, titles, settings and credentials of their own", () => {
    distinct(SERVICES.map(({ name }) => name));
    distinct(SERVICES.map(({ title }) => title));
    distinct(SERVICES.map(({ setting }) => setting));
    distinct(SERVICES.flatMap(({ credentials }) => credentials.map(({ key }) => key)));
  });

  it("have names that names of objects can contain", () => {
    for (const { name } of SERVICES) expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
  });

  it("say what replacing their container does to people", () => {
    for (const { replacing } of SERVICES) expect(replacing).toMatch(/^every connection .* is closed$/);
  });
});

describe("activeServices", () => {
  const names = (changes: Record<string, unknown>) =>
    activeServices(settingsOf(changes)).map(({ definition }) => definition.name);

  it("are those that have settings, each with its own", () => {
    expect(names({})).toEqual(["ingress", "egress-proxy"]);
    expect(names({ tailscale: TAILNET })).toEqual(["ingress", "egress-proxy", "tailnet"]);
    expect(activeServices(settingsOf({ egressProxy: { port: 3129 } }))[1]?.settings).toMatchObject({
      port: 3129,
    });
  });
});
