import { describe, expect, it } from "vitest";
import { RULES } from "../../fleet/rules.ts";
import { config, problemsOf } from "../support/fleets.ts";

const host = (settings: object): Record<string, unknown> => ({
  hosts: { one: { kind: "docker", ...settings } },
});

/** For each rule a configuration that it accepts and one that it refuses. */
const CASES: {
  rule: string;
  accepts: Record<string, unknown>;
  refuses: Record<string, unknown>;
  problem: string;
}[] = [
  {
    rule: "hasHosts",
    accepts: {},
    refuses: { hosts: {} },
    problem: "hosts = {} | the fleet has no host | add one, such as `local: { kind: docker }`",
  },
  {
    rule: "classesExist",
    accepts: { agents: { alice: { class: "heavy" } } },
    refuses: { defaults: { class: "none" } },
    problem:
      'defaults.class = "none" | no such class | use one of heavy, light, standard, or add it to classes',
  },
  {
    rule: "reservationsFitTheirLimit",
    accepts: { classes: { standard: { memoryMb: 1000, reservationMb: 1000, cpus: 1 } } },
    refuses: { classes: { standard: { memoryMb: 1000, reservationMb: 1001, cpus: 1 } } },
    problem:
      "classes.standard.reservationMb = 1001 | more is reserved than the limit of 1000 MiB allows to be used | set it to 1000 or less, or raise memoryMb",
  },
  {
    rule: "pinnedHostsExist",
    accepts: { agents: { alice: { host: "one" } } },
    refuses: { agents: { alice: { host: "two" } } },
    problem: 'agents.alice.host = "two" | no such host | use one of one, or leave it out',
  },
  {
    rule: "allowsAreNotDenied",
    accepts: { agents: { alice: { tools: { allow: ["browser"] } } } },
    refuses: { agents: { alice: { tools: { allow: ["cron"] } } } },
    problem:
      'agents.alice.tools.allow.0 = "cron" | defaults.tools.deny denies this tool to every agent, and a deny beats an allow | take it out of defaults.tools.deny and deny it at the agents that must not have it',
  },
  {
    rule: "allowsAreNotDenied, in one entry",
    accepts: { agents: { alice: { tools: { allow: ["browser"], deny: ["exec"] } } } },
    refuses: { agents: { alice: { tools: { allow: ["exec"], deny: ["exec"] } } } },
    problem:
      'agents.alice.tools.allow.0 = "exec" | the same entry denies this tool | take it out of one of the two lists',
  },
  {
    rule: "modelsAreReachable",
    accepts: { agents: { alice: { model: "local/llama", egress: ["llm.example.com"] } } },
    refuses: { agents: { alice: { model: "local/llama" } } },
    problem:
      'agents.alice.model = "local/llama" | the names of provider local are not known, so the agent could not reach its model | list them under agents.alice.egress',
  },
  {
    rule: "ownedVariablesAreLeftAlone",
    accepts: { agents: { alice: { env: { TZ: "UTC" } } } },
    refuses: { agents: { alice: { env: { OPENCLAW_STATE_DIR: "/x" } } } },
    problem:
      'agents.alice.env.OPENCLAW_STATE_DIR = "/x" | this variable is set by the fleet | leave it out; memory comes from the class, the way out from egress',
  },
  {
    rule: "credentialsAreSecret",
    accepts: { agents: { alice: { channels: { telegram: {} } } } },
    refuses: { agents: { alice: { channels: { telegram: {} }, env: { TELEGRAM_BOT_TOKEN: "1:a" } } } },
    problem:
      "agents.alice.env.TELEGRAM_BOT_TOKEN | a channel's credential must not stand in plain text | remove it here and run: npm run secret -- alice TELEGRAM_BOT_TOKEN",
  },
  {
    rule: "reservedLabelsAreLeftAlone",
    accepts: { agents: { alice: { labels: { team: "red" } } } },
    refuses: { agents: { alice: { labels: { "agent-fleet.stack": "x" } } } },
    problem:
      'agents.alice.labels.agent-fleet.stack = "x" | labels that begin with agent-fleet. are the fleet\'s own | use another prefix',
  },
  {
    rule: "portRangesAreUsable",
    accepts: host({ ports: [20_000, 20_009] }),
    refuses: { ...host({ ports: [20_000, 20_009] }), frontDoor: { port: 20_005 } },
    problem:
      "hosts.one.ports = [20000,20009] | frontDoor.port 20005 lies in the agents' range | move one of the two",
  },
  {
    rule: "portRangesAreUsable, in their order",
    accepts: host({ ports: [20_000, 20_009] }),
    refuses: host({ ports: [20_009, 20_000] }),
    problem: "hosts.one.ports = [20009,20000] | the first port is above the last | swap them",
  },
  {
    rule: "slotsSuffice",
    accepts: host({ ports: [20_000, 20_001] }),
    refuses: { ...host({ ports: [20_000, 20_000] }) },
    problem:
      "agents = 2 | the hosts' ports and rooms give 1 agents a place | widen hosts.*.ports and hosts.*.rooms, or add a host",
  },
  {
    rule: "hostsAreDistinct",
    accepts: { hosts: { one: { kind: "docker" }, two: { kind: "docker", address: "tcp://h:1" } } },
    refuses: { hosts: { one: { kind: "docker" }, two: { kind: "docker" } } },
    problem:
      'hosts.two.address = "unix:///var/run/docker.sock" | host one is the same Docker engine, and two front doors cannot share its ports | give each host its own engine',
  },
  {
    rule: "roomsAreClearOfDocker",
    accepts: host({ rooms: "172.30.0.0/16" }),
    refuses: host({ rooms: "172.16.0.0/12" }),
    problem:
      'hosts.one.rooms = "172.16.0.0/12" | the range overlaps Docker\'s own 172.17.0.0/16 | use a private range that nothing else on the host uses, such as 10.96.0.0/16',
  },
];

describe("the rules of a fleet", () => {
  it.each(CASES)("$rule refuses what breaks it, and only that", ({ accepts, refuses, problem }) => {
    expect(problemsOf(config(accepts))).toEqual([]);
    expect(problemsOf(config(refuses))).toEqual([problem]);
  });

  it("have a case each", () => {
    const tried = new Set(CASES.map(({ rule }) => rule.split(",")[0]));
    expect(RULES.map(({ name }) => name).filter((name) => !tried.has(name) && name !== "")).toEqual([]);
    expect(tried.size).toBe(RULES.length);
  });
});
