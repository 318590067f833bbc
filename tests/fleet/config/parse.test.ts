import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { parseFleet } from "../../../fleet/config/parse.ts";
import { FleetError } from "../../../fleet/config/problem.ts";
import { config, fleet, planOf, problemsOf, registryOf } from "../../support/fleets.ts";

describe("parseFleet", () => {
  it("fills in every default, also for an entry that is left empty", () => {
    const { settings, agents } = fleet({ agents: { alice: null } });
    const alice = {
      access: "public",
      enabled: true,
      tools: { allow: [], deny: [] },
      channels: {},
      egress: [],
      env: {},
      isolation: "shared",
      labels: {},
    };
    expect(settings.agents["alice"]).toEqual(alice);
    expect(agents).toMatchObject([{ name: "alice", settings: alice }]);
    expect(settings.hosts["one"]).toEqual({
      kind: "docker",
      address: "unix:///var/run/docker.sock",
      subnets: "10.96.0.0/16",
      ports: ["18800-18899"],
      drain: false,
    });
    expect(settings.defaults.tools.deny).toEqual(["gateway", "cron"]);
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
      name: "an agent's name that is not a DNS label",
      raw: config({ agents: { Alice_1: {} } }),
      problems: [
        'agents.Alice_1 | "Alice_1" is not a valid name | use 1 to 40 lower-case letters, digits and inner hyphens, as in `support-bot`',
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
        'agents.alice.egress.0 = "https://example.com" | invalid value | use a host name such as `api.example.com`, or `.example.com` for it and all names below it',
      ],
    },
    {
      name: "an egress word that does not exist, with both forms that do",
      raw: config({ agents: { alice: { egress: "all" } } }),
      problems: [
        'agents.alice.egress = "all" | invalid value | use a list of names such as [api.example.com], or `open`',
      ],
    },
    {
      name: "a range that is neither IPv4 nor IPv6",
      raw: config({
        hosts: {
          eu: { kind: "hetzner", publicKeys: ["ssh-ed25519 AAAA"], sshFrom: ["me"], locations: ["fsn1"] },
        },
      }),
      problems: ['hosts.eu.sshFrom.0 = "me" | invalid value | use a range such as `203.0.113.0/24`'],
    },
    {
      name: "a name to listen on, where an address is needed",
      raw: config({ ingress: { listen: ["localhost"] } }),
      problems: ['ingress.listen.0 = "localhost" | invalid value | use an IP address such as `0.0.0.0`'],
    },
    {
      name: "an address with a port that does not exist",
      raw: config({ hosts: { one: { kind: "docker", address: "tcp://h:99999" } } }),
      problems: [
        'hosts.one.address = "tcp://h:99999" | invalid value | use `unix:///var/run/docker.sock` or `tcp://HOST:PORT`',
      ],
    },
    {
      name: "a model without its provider",
      raw: config({ agents: { alice: { model: "sonnet" } } }),
      problems: [
        'agents.alice.model = "sonnet" | invalid value | name the provider and the model, as in `anthropic/claude-sonnet-4-6`',
      ],
    },
    {
      name: "an address that is neither a socket nor tcp",
      raw: config({ hosts: { one: { kind: "docker", address: "ssh://x" } } }),
      problems: [
        'hosts.one.address = "ssh://x" | invalid value | use `unix:///var/run/docker.sock` or `tcp://HOST:PORT`',
      ],
    },
  ])("refuses $name, with path, value and remedy", ({ raw, problems }) => {
    expect(problemsOf(raw)).toEqual(problems);
  });

  it("reports all problems at once", () => {
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
        "    there is no such class",
        "    -> use one of heavy, light, standard, or add it to classes",
      ].join("\n"),
    );
  });

  it("refuses a stack without any configuration instead of planning an empty fleet", () => {
    expect(problemsOf(undefined)).not.toEqual([]);
    expect(problemsOf(null)).not.toEqual([]);
  });
});

describe("names that JavaScript's objects know", () => {
  const names = ["constructor", "valueof", "tostring", "hasownproperty", "prototype"];

  it.each(names)("may be an agent's, and it is planned like any other: %s", (name) => {
    const agents = { [name]: {}, bob: {} };
    const place = { host: "one", slot: 7 };
    expect(
      planOf({ agents })
        .agents.map((agent) => agent.name)
        .toSorted(),
    ).toEqual([name, "bob"].toSorted());
    const [planned] = planOf({ agents: { [name]: {} } }, registryOf({ [name]: place, bob: place })).agents;
    expect(planned).toMatchObject({ name, ...place, object: `fleet.test.${name}` });
    // Not taken for one that exists where it does not.
    const plan = planOf({ agents: { [name]: {} } }, registryOf({ bob: place }));
    expect(plan.agents).toMatchObject([{ name, host: "one", slot: 0 }]);
    expect(plan.changes.map(({ text }) => text)).toEqual([
      "removes bob from one; its data stays",
      `adds ${name} on one`,
    ]);
  });

  it.each(names)("may be a host's or a class's: %s", (name) => {
    const changes = {
      hosts: { [name]: { kind: "docker" } },
      classes: { [name]: { memoryMb: 2048, cpus: 1 }, standard: { memoryMb: 1024, cpus: 1 } },
      agents: { alice: { class: name, host: name } },
    };
    expect(planOf(changes).agents).toMatchObject([{ host: name, class: name, limits: { memoryMb: 2048 } }]);
  });

  it("are not found where they are not configured", () => {
    expect(problemsOf(config({ agents: { alice: { class: "constructor", host: "constructor" } } }))).toEqual([
      'agents.alice.class = "constructor" | there is no such class | use one of heavy, light, standard, or add it to classes',
      'agents.alice.host = "constructor" | there is no such host | use one of one, or leave it out',
    ]);
  });

  it.each([
    ["agents", "{}"],
    ["hosts", '{"kind": "docker"}'],
    ["classes", '{"memoryMb": 2048, "cpus": 1}'],
  ])(
    "are refused by name where they would change an object's prototype: __proto__ in %s",
    (section, entry) => {
      const problem = `${section}.__proto__ | "__proto__" is not a valid name | use lower-case letters, digits and inner hyphens`;
      const text = (name: string): string =>
        JSON.stringify(config({ [section]: { placeholder: JSON.parse(entry) } })).replace(
          "placeholder",
          name,
        );
      for (const parse of [(json: string) => JSON.parse(json), (yaml: string) => parseYaml(yaml)]) {
        expect(problemsOf(parse(text("__proto__")))).toContain(problem);
        expect(problemsOf(parse(text("standard")))).toEqual([]);
      }
      expect(problemsOf(config({ [section]: { ["__proto__"]: JSON.parse(entry) } }))).toContain(problem);
    },
  );
});

describe("what to write instead", () => {
  it.each([
    [{ hosts: { one: { kind: "dokcer" } } }, "hosts.one.kind", "use one of docker, ssh, hetzner"],
    [{ agents: ["alice"] }, "agents", "give a mapping of names to entries; see docs/configuration.md"],
    [
      { agents: { alice: true } },
      "agents.alice",
      "give a mapping of settings to values; see docs/configuration.md",
    ],
    [
      { agents: { alice: { access: "vpn" } } },
      "agents.alice.access",
      "use one of public, tailscale, loopback",
    ],
    [{ ingress: { port: 99_999 } }, "ingress.port", "use at most 65535"],
  ])("%j: %s -> %s", (changes, path, remedy) => {
    const frame = { domain: "agents.example.com", hosts: { one: { kind: "docker" } }, agents: {} };
    let problems: unknown;
    try {
      parseFleet({ ...frame, ...changes });
    } catch (error) {
      problems = error instanceof FleetError ? error.problems : error;
    }
    expect(problems).toMatchObject([{ path, remedy }]);
  });
});
