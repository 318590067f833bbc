import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSecrets, SECRETS_RULES } from "../../../fleet/config/secrets.ts";
import { fleet, rendered } from "../../support/fleets.ts";
import { describeRules } from "../../support/rules.ts";
import "../../support/properties.ts";

const roster = fleet({
  agents: { alice: { channels: { telegram: {} } }, bob: { channels: { telegram: {} } }, carol: {} },
});
const BOTS = { alice: { TELEGRAM_BOT_TOKEN: "1:a" }, bob: { TELEGRAM_BOT_TOKEN: "2:b" } };
const set = (agent: string, variable: string, value = "x") => ({ ...BOTS, [agent]: { [variable]: value } });

const problemsOf = (raw: unknown): string[] => parseSecrets(raw, roster).problems.map(rendered);

describeRules(
  "the rules of secrets",
  SECRETS_RULES,
  [
    {
      rule: "agentsExist",
      accepts: set("carol", "API_KEY"),
      refuses: set("zoe", "API_KEY"),
      problem:
        "agent-fleet:secrets.zoe | there is no agent of this name | remove it with: npm run secret -- zoe API_KEY --remove, or add the agent",
    },
    ...["NODE_OPTIONS", "HTTPS_PROXY", "OPENCLAW_GATEWAY_TOKEN", "PATH"].map((variable) => ({
      rule: "ownedVariablesAreLeftAlone",
      about: variable,
      accepts: set("carol", `MY_${variable}`),
      refuses: set("carol", variable),
      problem: `agent-fleet:secrets.carol.${variable} | this variable is set by the fleet | remove it with: npm run secret -- carol ${variable} --remove`,
    })),
    {
      rule: "channelsHaveCredentials",
      accepts: BOTS,
      refuses: { alice: BOTS.alice },
      problem:
        "agent-fleet:secrets.bob.TELEGRAM_BOT_TOKEN | a channel of this agent needs it | set it with: npm run secret -- bob TELEGRAM_BOT_TOKEN",
    },
    {
      rule: "botsAreNotShared",
      accepts: BOTS,
      refuses: set("bob", "TELEGRAM_BOT_TOKEN", "1:a"),
      problem:
        "agent-fleet:secrets.bob.TELEGRAM_BOT_TOKEN | agent alice has the same credential, and two gateways cannot share one bot | give each agent a bot of its own",
    },
    {
      rule: "botsAreNotShared",
      about: "but other secrets may be",
      accepts: {
        ...BOTS,
        carol: { API_KEY: "1:a" },
        bob: { TELEGRAM_BOT_TOKEN: "2:b", API_KEY: "1:a" },
      },
      // A bot is known by its credential, whether or not the agent's entry lists the channel.
      refuses: set("carol", "TELEGRAM_BOT_TOKEN", "1:a"),
      problem:
        "agent-fleet:secrets.carol.TELEGRAM_BOT_TOKEN | agent alice has the same credential, and two gateways cannot share one bot | give each agent a bot of its own",
    },
  ],
  {
    byRule: (rule, secrets) =>
      SECRETS_RULES[rule]?.(
        new Map(Object.entries(secrets as Record<string, Record<string, string>>)),
        roster,
      ).map(rendered) ?? [],
    byAll: problemsOf,
  },
);

describe("parseSecrets", () => {
  it("gives each agent's secrets by its name", () => {
    const { secrets, problems } = parseSecrets(BOTS, roster);
    expect(problems).toEqual([]);
    expect(secrets.get("alice")).toEqual({ TELEGRAM_BOT_TOKEN: "1:a" });
    expect(secrets.get("constructor")).toBeUndefined();
  });

  it("takes an agent named constructor for one of the fleet only where it is", () => {
    const raw = { constructor: { API_KEY: "x" } };
    expect(parseSecrets(raw, fleet()).problems.map(({ path }) => path)).toEqual([
      "agent-fleet:secrets.constructor",
    ]);
    expect(parseSecrets(raw, fleet({ agents: { constructor: {} } })).problems).toEqual([]);
    const needy = fleet({ agents: { constructor: { channels: { telegram: {} } } } });
    expect(parseSecrets({}, needy).problems.map(({ path }) => path)).toEqual([
      "agent-fleet:secrets.constructor.TELEGRAM_BOT_TOKEN",
    ]);
  });

  const quiet = fleet({ agents: { alice: {}, carol: {} } });
  const NESTED = "secrets must be nested as AGENT.VARIABLE and must not be empty";
  const SET = "set it with: npm run secret --";

  it.each([
    ["a string", "s3cret", "agent-fleet:secrets"],
    ["a list", ["s3cret"], "agent-fleet:secrets"],
    [
      "a variable without an agent",
      { TELEGRAM_BOT_TOKEN: "s3cret" },
      "agent-fleet:secrets.TELEGRAM_BOT_TOKEN",
    ],
    ["an empty secret", { alice: { API_KEY: "" } }, "agent-fleet:secrets.alice.API_KEY", "alice API_KEY"],
    ["a number", { alice: { API_KEY: 5 } }, "agent-fleet:secrets.alice.API_KEY", "alice API_KEY"],
    ["a lower-case variable", { alice: { api_key: "s3cret" } }, "agent-fleet:secrets.alice.api_key"],
  ])(
    "refuses %s with its path and the command that sets a secret",
    (_, raw, path, names = "AGENT VARIABLE") => {
      expect(parseSecrets(raw, quiet).problems.map(rendered)).toEqual([
        `${path} | ${NESTED} | ${SET} ${names}`,
      ]);
    },
  );

  it("reports what is wrong with the other agents' secrets next to one of the wrong shape, and nothing twice", () => {
    expect(problemsOf({ alice: { TELEGRAM_BOT_TOKEN: "" }, zoe: { A: "x", B: "x" } })).toEqual([
      `agent-fleet:secrets.alice.TELEGRAM_BOT_TOKEN | ${NESTED} | ${SET} alice TELEGRAM_BOT_TOKEN`,
      "agent-fleet:secrets.zoe | there is no agent of this name | remove it with: npm run secret -- zoe A --remove; npm run secret -- zoe B --remove, or add the agent",
      "agent-fleet:secrets.bob.TELEGRAM_BOT_TOKEN | a channel of this agent needs it | set it with: npm run secret -- bob TELEGRAM_BOT_TOKEN",
    ]);
  });

  it("refuses the name that the schema's library passes over, wherever it is", () => {
    const named = (json: string) =>
      parseSecrets(JSON.parse(json), quiet).problems.map(({ path, message }) => `${path} | ${message}`);
    const message = '"__proto__" is not a valid name';
    expect(named('{"__proto__": {"A": "x"}}')).toEqual([`agent-fleet:secrets.__proto__ | ${message}`]);
    expect(named('{"alice": {"__proto__": "x"}}')).toEqual([
      `agent-fleet:secrets.alice.__proto__ | ${message}`,
    ]);
  });

  it("never repeats a value in a problem, whatever is wrong", () => {
    // Marked, so that it cannot be a part of a path or of a sentence by chance.
    const value = fc.string().map((text) => `\u0001${text}\u0002`);
    const name = fc.constantFrom("alice", "bob", "carol", "zoe", "constructor", "__proto__");
    const variable = fc.oneof(
      fc.constantFrom("TELEGRAM_BOT_TOKEN", "SLACK_APP_TOKEN", "PATH", "API_KEY", "lower", "", "__proto__"),
      fc.string(),
    );
    const wrong = fc.oneof(value, fc.array(value), fc.integer(), fc.constant(null));
    const raw = fc.oneof(
      wrong,
      fc.dictionary(
        name,
        fc.oneof(wrong, fc.dictionary(variable, fc.oneof(value, fc.dictionary(variable, value)))),
      ),
    );
    fc.assert(
      fc.property(raw, (secrets) => {
        expect(problemsOf(secrets).join("\n")).not.toContain("\\u0001");
        expect(problemsOf(secrets).join("\n")).not.toContain("\u0001");
      }),
    );
  });
});
