import { describe, expect, it } from "vitest";
import { parseFleet } from "../../../fleet/config/parse.ts";
import { FleetError } from "../../../fleet/config/problem.ts";
import { config, problemsOf } from "../../support/fleets.ts";

describe("parseFleet", () => {
  it("fills in every default, also for an entry that is left empty", () => {
    const fleet = parseFleet(config({ agents: { alice: null } }));
    expect(fleet.agents["alice"]).toEqual({
      access: "public",
      enabled: true,
      tools: { allow: [], deny: [] },
      channels: {},
      egress: [],
      env: {},
      isolation: "shared",
      labels: {},
    });
    expect(fleet.hosts["one"]).toEqual({
      kind: "docker",
      address: "unix:///var/run/docker.sock",
      subnets: "10.96.0.0/16",
      ports: ["18800-18899"],
      drain: false,
    });
    expect(fleet.defaults.tools.deny).toEqual(["gateway", "cron"]);
  });

  it.each([
    {
      name: "an unknown setting",
      raw: config({ agents: { alice: { memroy: 5 } } }),
      problems: [
        "agents.alice.memroy = 5 | there is no such setting | check the spelling against docs/configuration.md, or remove it",
      ],
    },
    {
      name: "an agent's name that is no DNS label",
      raw: config({ agents: { Alice_1: {} } }),
      problems: [
        'agents.Alice_1 | "Alice_1" is no valid name | use 1 to 40 lower-case letters, digits and inner hyphens, as in `support-bot`',
      ],
    },
    {
      name: "a missing domain",
      raw: { hosts: { one: { kind: "docker" } }, agents: {} },
      problems: ["domain | a value is missing | give a string; see docs/configuration.md"],
    },
    {
      name: "an egress entry that is a URL",
      raw: config({ agents: { alice: { egress: ["https://example.com"] } } }),
      problems: [
        'agents.alice.egress.0 = "https://example.com" | the value is not of the form that is needed | use a host name such as `api.example.com`, or `.example.com` for it and all names below it',
      ],
    },
    {
      name: "a model without its provider",
      raw: config({ agents: { alice: { model: "sonnet" } } }),
      problems: [
        'agents.alice.model = "sonnet" | the value is not of the form that is needed | name the provider and the model, as in `anthropic/claude-sonnet-4-6`',
      ],
    },
    {
      name: "an address that is neither a socket nor tcp",
      raw: config({ hosts: { one: { kind: "docker", address: "ssh://x" } } }),
      problems: [
        'hosts.one.address = "ssh://x" | the value is not of the form that is needed | use `unix:///var/run/docker.sock` or `tcp://HOST:PORT`',
      ],
    },
  ])("refuses $name with its path, value and remedy", ({ raw, problems }) => {
    expect(problemsOf(raw)).toEqual(problems);
  });

  it("gives all problems at once", () => {
    const raw = config({
      domain: "-",
      agents: { alice: { model: "x", unknown: 1 }, bob: { egress: ["?"] } },
    });
    expect(problemsOf(raw)).toHaveLength(4);
  });

  it("says in one message what is wrong and that nothing was changed", () => {
    const parse = (): unknown => parseFleet(config({ agents: { alice: { class: "huge" } } }));
    expect(parse).toThrow(FleetError);
    expect(parse).toThrow(
      [
        "agent-fleet:fleet has 1 problem; nothing was changed.",
        '  agents.alice.class = "huge"',
        "    no such class",
        "    -> use one of heavy, light, standard, or add it to classes",
      ].join("\n"),
    );
  });

  it("refuses a stack without any configuration instead of planning an empty fleet", () => {
    expect(problemsOf(undefined)).not.toEqual([]);
  });
});
