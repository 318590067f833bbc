import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { renderCaddy } from "../../../../fleet/services/ingress/caddy.ts";
import { DOWN, SWITCHED_OFF, UNKNOWN } from "../../../../fleet/services/ingress/pages.ts";
import { ingressSettings } from "../../../../fleet/services/ingress/settings.ts";
import { type CaseInput, itRendersCases, servedAgents } from "../../../support/cases.ts";

const render = (input: CaseInput) =>
  JSON.parse(
    renderCaddy("agents.example.com", ingressSettings.parse(input.settings ?? {}), servedAgents(input)),
  );

const PAGES = new Map(
  Object.entries({ DOWN, SWITCHED_OFF, UNKNOWN }).map(([name, page]) => [
    JSON.stringify(page),
    `<the page ${name}>`,
  ]),
);

/** Pages by their names, because their HTML would be most of each case. */
const withoutPages = (_: string, value: unknown): unknown => PAGES.get(JSON.stringify(value)) ?? value;

/** The JSON that Caddy gets, as YAML, which is half as long. */
const readable = (input: CaseInput): string =>
  stringify(JSON.parse(JSON.stringify(render(input), withoutPages)), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });

describe("renderCaddy", () => {
  itRendersCases(import.meta.dirname, readable);

  it("changes nothing of one agent's site when another is added", () => {
    const sites = (...names: string[]) =>
      render({ agents: names.map((name) => ({ name })) }).apps.http.servers;
    expect(sites("alice", "bob").https.routes[1]).toEqual(sites("alice").https.routes[1]);
    expect(sites("alice", "bob")["loopback-18800"]).toEqual(sites("alice")["loopback-18800"]);
  });
});
