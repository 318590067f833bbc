import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { parseStack, type StackSource } from "../../../fleet/config/parse.ts";
import { FleetError } from "../../../fleet/config/problem.ts";
import { config, fleet, planOf, problemsOf, refusals, registryOf } from "../../support/fleets.ts";
import { parseFleet } from "../../support/parse-fleet.ts";

const pathsOf = (raw: unknown): (string | undefined)[] =>
  problemsOf(raw).map((text) => text.split(/ [|=]/)[0]);

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
      unenforced: [],
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
      classes: { [name]: { memoryMb: 2048, cpus: 1 }, standard: { memoryMb: 4096, cpus: 1 } },
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

describe("the name __proto__", () => {
  it.each([
    ["agents.alice.env", '{"agents": {"alice": {"env": {"__proto__": "x"}}}}'],
    ["agents.alice.labels", '{"agents": {"alice": {"labels": {"__proto__": "x"}}}}'],
    ["agents.alice.channels", '{"agents": {"alice": {"channels": {"__proto__": {}}}}}'],
    ["ingress", '{"ingress": {"__proto__": {}}}'],
  ])("is refused instead of dropped in %s", (section, changes) => {
    expect(problemsOf(config(JSON.parse(changes)))).toEqual([
      `${section}.__proto__ | "__proto__" is not a valid name | use another name`,
    ]);
  });
});

describe("problems of shape and of meaning", () => {
  it("are reported together where the shape is wrong in entries alone", () => {
    const raw = config({
      agents: {
        alice: { channels: { telegram: null }, tools: { allow: ["cron"] }, class: "huge" },
        bob: { class: "none" },
        carol: true,
        Dave: {},
      },
      classes: {
        standard: { memoryMb: 2048, cpus: 1 },
        small: { memoryMb: 512, cpus: 0.3 },
        huge: { memoryMb: "8 GiB", cpus: 4 },
      },
    });
    expect(pathsOf(raw)).toEqual([
      "agents.alice.channels.telegram",
      "agents.carol",
      "agents.Dave",
      "classes.small.cpus",
      "classes.huge.memoryMb",
      "agents.bob.class",
      "classes.small.memoryMb",
      "agents.alice.tools.allow.0",
    ]);
  });

  it("do not include what follows from an entry of the wrong shape alone", () => {
    const hosts = { one: { kind: "docker", adress: "x" } };
    const agents = {
      alice: { host: "one" },
      bob: { host: "one-2", location: "fsn1" },
      carol: { host: "two" },
    };
    expect(pathsOf(config({ hosts, agents }))).toEqual(["hosts.one.adress", "agents.carol.host"]);
    const defaults = { class: "small" };
    const classes = { small: { memoryMb: 1, cpus: 1 } };
    expect(pathsOf(config({ defaults, classes }))).toEqual(["classes.small.memoryMb"]);
    // Nobody knows what the agent would reach.
    const unknown = { model: "local/llama", egress: "all" };
    expect(pathsOf(config({ agents: { alice: unknown } }))).toEqual(["agents.alice.egress"]);
    expect(pathsOf(config({ agents: { alice: { model: "local/llama", usage: 5 } } }))).toEqual([
      "agents.alice.usage",
    ]);
  });

  it("are of shape alone where it is wrong outside of entries, because too much follows from that", () => {
    const agents = { alice: { class: "none", spraed: 1 } };
    expect(pathsOf(config({ agents, ingress: { tls: "x" } }))).toEqual(
      ["agents.alice.spraed", "ingress.tls"].toSorted(),
    );
    expect(pathsOf(config({ agents, hosts: [] }))).toEqual(["hosts", "agents.alice.spraed"]);
  });
});

describe("a stack's configuration", () => {
  const telegram = { channels: { telegram: {} } };
  const stack = (changes: Partial<StackSource>) =>
    refusals(() => parseStack({ keys: ["fleet", "secrets"], fleet: config(), secrets: {}, ...changes }));

  it("gives the fleet and the secrets of its agents", () => {
    const fleet = config({ agents: { alice: telegram } });
    const secrets = { alice: { TELEGRAM_BOT_TOKEN: "1:a" } };
    const parsed = parseStack({ keys: ["fleet", "secrets", "acmeDnsToken"], fleet, secrets });
    expect(parsed.fleet.agents.map(({ name }) => name)).toEqual(["alice"]);
    expect([...parsed.secrets]).toEqual(Object.entries(secrets));
  });

  it("is refused for its keys, its fleet and its secrets at once", () => {
    const agents = { alice: { channels: { telegram: null } }, bob: telegram, carol: { class: "none" } };
    const found = stack({
      keys: ["fleet", "secrets", "acmeDnsTokn"],
      fleet: config({ agents }),
      secrets: { zoe: { A: "x" }, alice: { A: "x" } },
    });
    expect(found.map((text) => text.split(/ [|=]/)[0])).toEqual([
      "agent-fleet:acmeDnsTokn",
      "agents.alice.channels.telegram",
      "agents.carol.class",
      "agent-fleet:secrets.zoe",
      "agent-fleet:secrets.bob.TELEGRAM_BOT_TOKEN",
    ]);
  });

  it("does not call the secrets of an agent without a valid name those of nobody", () => {
    expect(
      stack({
        fleet: config({ agents: { Dave: {}, erin: 5 } }),
        secrets: { Dave: { A: "x" }, erin: { A: "x" } },
      }),
    ).toHaveLength(2);
  });

  it("misses nothing that is there under a misspelled key", () => {
    const unknown = (key: string, near: string) =>
      `agent-fleet:${key} | there is no such key | did you mean ${near}? Use one of fleet, secrets, acmeDnsToken, tailscaleAuthKey, or remove it`;
    expect(stack({ keys: ["flet"], fleet: undefined })).toEqual([unknown("flet", "fleet")]);
    expect(stack({ keys: ["fleet", "secret"], fleet: config({ agents: { alice: telegram } }) })).toEqual([
      unknown("secret", "secrets"),
    ]);
  });

  it("does not check secrets that cannot be read", () => {
    expect(stack({ fleet: config({ agents: { alice: telegram } }), secrets: undefined })).toEqual([]);
  });
});

describe("what to write instead", () => {
  it.each([
    [
      { agents: { alice: { channels: { whatsapp: {} } } } },
      "use one of telegram, discord, slack, or remove it",
    ],
    [
      { agents: { alice: { channels: { telegarm: {} } } } },
      "did you mean telegram? Use one of telegram, discord, slack, or remove it",
    ],
    [{ agents: { alice: { egres: [] } } }, "did you mean egress? Otherwise remove it"],
    [{ hosts: { one: { kind: "docker", adress: "x" } } }, "did you mean address? Otherwise remove it"],
    [{ ingress: { tls: "acmee" } }, "did you mean acme? Use one of internal, acme, wildcard"],
    [{ agents: { alice: { acces: "public" } } }, "did you mean access? Otherwise remove it"],
    [{ dns: { kind: "none", zone: 1 } }, "use one of kind, or remove it"],
    [{ ingres: {} }, "did you mean ingress? Otherwise remove it"],
  ])("%j -> %s", (changes, remedy) => {
    expect(problemsOf(config(changes)).map((text) => text.split(" | ")[2])).toEqual([remedy]);
  });

  it.each([
    [
      { hosts: { one: { kind: "dokcer" } } },
      "hosts.one.kind",
      "did you mean docker? Use one of docker, ssh, hetzner",
    ],
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
