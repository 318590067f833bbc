import * as rules from "../../../../fleet/config/rules/agents.ts";
import { checks, hetznerGroup, TAILNET } from "../../../support/fleets.ts";
import { describeRules } from "../../../support/rules.ts";

const alice = (entry: object): Record<string, unknown> => ({ agents: { alice: entry } });

describeRules(
  "the rules of agents",
  rules,
  [
    {
      rule: "pinnedHostsExist",
      accepts: alice({ host: "one" }),
      refuses: alice({ host: "two" }),
      problem: 'agents.alice.host = "two" | there is no such host | use one of one, or leave it out',
    },
    {
      rule: "pinnedHostsExist",
      about: "a server of a group",
      accepts: { hosts: { eu: hetznerGroup() }, ...alice({ host: "eu-2" }) },
      refuses: { hosts: { eu: hetznerGroup() }, ...alice({ host: "us-2" }) },
      problem: 'agents.alice.host = "us-2" | there is no such host | use one of eu, or leave it out',
    },
    {
      rule: "locationsExist",
      accepts: { hosts: { eu: hetznerGroup() }, ...alice({ location: "fsn1" }) },
      refuses: { hosts: { eu: hetznerGroup() }, ...alice({ location: "hel1" }) },
      problem:
        'agents.alice.location = "hel1" | no host may be there | use one of fsn1, add it to hosts.*.locations, or leave it out',
    },
    {
      rule: "sharesAddUp",
      accepts: alice({ usage: { messagesPerDay: 1, smallModelShare: 0.5, localModelShare: 0.5 } }),
      refuses: alice({ usage: { messagesPerDay: 1, smallModelShare: 0.8, localModelShare: 0.5 } }),
      problem:
        'agents.alice.usage = {"messagesPerDay":1,"smallModelShare":0.8,"localModelShare":0.5} | smallModelShare + localModelShare is more than 1 | let the two add up to 1 at most',
    },
    {
      rule: "allowlistsHaveSenders",
      accepts: alice({ channels: { telegram: { dmPolicy: "allowlist", allowFrom: ["42"] } } }),
      refuses: alice({ channels: { telegram: { dmPolicy: "allowlist" } } }),
      problem:
        'agents.alice.channels.telegram.dmPolicy = "allowlist" | nobody is on the list, so the agent would answer no one | list the senders under agents.alice.channels.telegram.allowFrom, or use pairing',
    },
    {
      rule: "allowsAreNotDenied",
      accepts: alice({ tools: { allow: ["browser"] } }),
      refuses: alice({ tools: { allow: ["cron"] } }),
      problem:
        'agents.alice.tools.allow.0 = "cron" | defaults.tools.deny denies this tool to every agent, and a deny beats an allow | take it out of defaults.tools.deny and deny it at the agents that must not have it',
    },
    {
      rule: "allowsAreNotDenied",
      about: "in one entry",
      accepts: alice({ tools: { allow: ["browser"], deny: ["exec"] } }),
      refuses: alice({ tools: { allow: ["exec"], deny: ["exec"] } }),
      problem:
        'agents.alice.tools.allow.0 = "exec" | the same entry denies this tool | take it out of one of the two lists',
    },
    {
      rule: "modelsAreReachable",
      accepts: alice({ model: "local/llama", egress: ["llm.example.com"] }),
      refuses: alice({ model: "local/llama" }),
      problem:
        'agents.alice.model = "local/llama" | the names of provider local are not known, so the agent could not reach its model | list them under agents.alice.egress',
    },
    {
      rule: "modelsAreReachable",
      about: "the fleet's model",
      accepts: { defaults: { model: "local/llama", egress: ["llm.example.com"] } },
      refuses: { defaults: { model: "local/llama" }, ...alice({}) },
      problem:
        'agents.alice.egress = "local/llama" | the names of provider local are not known, so the agent could not reach its model | list them under agents.alice.egress',
    },
    {
      rule: "tailnetsAreNamed",
      accepts: { tailscale: TAILNET, ...alice({ access: "tailscale" }) },
      refuses: alice({ access: "tailscale" }),
      problem:
        'agents.alice.access = "tailscale" | the fleet has no tailnet | name it under tailscale.tailnet, and set its key: pulumi config set --secret tailscaleAuthKey',
    },
    ...["NODE_OPTIONS", "HTTPS_PROXY", "OPENCLAW_GATEWAY_TOKEN", "PATH", "HOME"].map((variable) => ({
      rule: "ownedVariablesAreLeftAlone",
      about: variable,
      accepts: alice({ env: { TZ: "UTC", [`MY_${variable}`]: "/x" } }),
      refuses: alice({ env: { [variable]: "/x" } }),
      problem: `agents.alice.env.${variable} | this variable is set by the fleet | leave it out: the token is generated, memory is set by the class, the proxy by egress`,
    })),
    {
      rule: "credentialsAreSecret",
      accepts: alice({ channels: { telegram: {} } }),
      refuses: alice({ channels: { telegram: {} }, env: { TELEGRAM_BOT_TOKEN: "1:a" } }),
      problem:
        "agents.alice.env.TELEGRAM_BOT_TOKEN | a channel's credential must not be in plain text | remove it here and run: npm run secret -- alice TELEGRAM_BOT_TOKEN",
    },
    ...[
      ["SOME_SETTING", "sk-ant-REDACTED"],
      ["SOME_SETTING", "xoxb-1234567890-abcdefghij"],
      ["SOME_SETTING", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
      ["SOME_SETTING", "AKIAIOSFODNN7EXAMPLE"],
      ["SOME_SETTING", "Bearer gW4nT9qLx2Zb7RkP0sVd3HyM6cUj8EfA"],
      ["SOME_SETTING", "0123456789abcdef0123456789abcdef"],
      ["MY_KEY", "abcdefghijklmnopqrstuvwxyzabcdef"],
      ["DATABASE_URL", "postgres://user:p4ss@db.example.com/name"],
    ].map(([variable = "", value = ""]) => ({
      rule: "secretsAreNotInPlainText",
      about: `${variable} ${value.slice(0, 8)}`,
      accepts: alice({
        env: { [variable]: "eu-central-1", MY_KEY: "~/.ssh/id", HOSTS: "a-b.example.com,c.example.com" },
      }),
      refuses: alice({ env: { [variable]: value } }),
      problem: `agents.alice.env.${variable} | this looks like a secret, and must not be in plain text | remove it here and run: npm run secret -- alice ${variable}`,
    })),
    ...["DBPASSWORD", "MY_PASS", "PGPASSWD"].map((variable) => ({
      rule: "secretsAreNotInPlainText",
      about: variable,
      accepts: alice({
        env: { [variable]: "", PASSWORD_FILE: "/run/x", DATABASE_URL: "postgres://user@db/name" },
      }),
      refuses: alice({ env: { [variable]: "hunter2" } }),
      problem: `agents.alice.env.${variable} | this looks like a secret, and must not be in plain text | remove it here and run: npm run secret -- alice ${variable}`,
    })),
    {
      rule: "reservedLabelsAreLeftAlone",
      accepts: alice({ labels: { team: "red" } }),
      refuses: alice({ labels: { "agent-fleet.stack": "x" } }),
      problem:
        'agents.alice.labels.agent-fleet.stack = "x" | labels that begin with agent-fleet. are the fleet\'s own | use another prefix',
    },
  ],
  checks(rules),
);
