import { describe, expect, it } from "vitest";
import { footprintOf } from "../../../openclaw/footprint.ts";
import { RULES } from "../../../fleet/config/rules.ts";
import { config, LOGIN, problemsOf } from "../../support/fleets.ts";

const host = (settings: object): Record<string, unknown> => ({
  hosts: { one: { kind: "docker", ...settings } },
});

/** For each rule a configuration that it accepts and one that it refuses. */
const TAILNET = { tailnet: "tail1234.ts.net" };

const rented = (settings: object = {}): object => ({
  eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"], ...settings },
});

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
    accepts: host({ ports: ["20000-20009"] }),
    refuses: { ...host({ ports: ["20000-20009"] }), ingress: { port: 20_005 } },
    problem:
      'hosts.one.ports.0 = "20000-20009" | ingress.port 20005 lies in the agents\' range | move one of the two',
  },
  {
    rule: "portRangesAreUsable, in their order",
    accepts: host({ ports: ["20000-20009"] }),
    refuses: host({ ports: ["20009-20000"] }),
    problem: 'hosts.one.ports.0 = "20009-20000" | the first port is above the last | swap them',
  },
  {
    rule: "portRangesAreUsable, beside each other",
    accepts: host({ ports: ["20000-20009", "20010-20019"] }),
    refuses: host({ ports: ["20000-20009", "20009-20019"] }),
    problem: 'hosts.one.ports.1 = "20009-20019" | it overlaps 20000-20009 | let each port stand in one range',
  },
  {
    rule: "portRangesAreUsable, beside what is reserved",
    accepts: host({ ports: ["18800-18899", "19000-19099"] }),
    refuses: host({ ports: ["18800-18950"] }),
    problem:
      'hosts.one.ports.0 = "18800-18950" | ports 18900-18999 are reserved for future services | use other ports; to widen a range, append another such as 19000-19999',
  },
  {
    rule: "portRangesAreUsable, beside a management panel",
    accepts: host({ ports: ["3001-3099"] }),
    refuses: host({ ports: ["2990-3099"] }),
    problem:
      'hosts.one.ports.0 = "2990-3099" | port 3000 is reserved for a management panel | use other ports; to widen a range, append another such as 19000-19999',
  },
  {
    rule: "portRangesAreUsable, above the system's",
    accepts: host({ ports: ["1024-1099"] }),
    refuses: host({ ports: ["80-99"] }),
    problem: 'hosts.one.ports.0 = "80-99" | agents\' ports are from 1024 to 65535 | move the range',
  },
  {
    rule: "locationsExist",
    accepts: {
      hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"] } },
      agents: { alice: { location: "fsn1" } },
    },
    refuses: {
      hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"] } },
      agents: { alice: { location: "hel1" } },
    },
    problem:
      'agents.alice.location = "hel1" | no host may stand there | use one of fsn1, add it to hosts.*.locations, or leave it out',
  },
  {
    rule: "serverNamesAreFree",
    accepts: {
      hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"] }, "eu-west": { kind: "docker" } },
    },
    refuses: {
      hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"] }, "eu-1": { kind: "docker" } },
    },
    problem: "hosts.eu-1 | servers of group eu are named eu-1, eu-2, … | rename one of the two",
  },
  {
    rule: "serversAreOfTheirGroup",
    accepts: { hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"], drain: ["eu-2"] } } },
    refuses: { hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"], drain: ["us-2"] } } },
    problem: 'hosts.eu.drain.0 = "us-2" | no server of group eu can have that name | use a name such as eu-1',
  },
  {
    rule: "sharesAddUp",
    accepts: {
      agents: { alice: { usage: { messagesPerDay: 1, smallModelShare: 0.5, localModelShare: 0.5 } } },
    },
    refuses: {
      agents: { alice: { usage: { messagesPerDay: 1, smallModelShare: 0.8, localModelShare: 0.5 } } },
    },
    problem:
      'agents.alice.usage = {"messagesPerDay":1,"smallModelShare":0.8,"localModelShare":0.5} | small and local models answer more than all messages together | let smallModelShare and localModelShare add up to 1 at most',
  },
  {
    rule: "classesFitTheImage",
    accepts: { classes: { standard: { memoryMb: 1024, cpus: 1 } } },
    refuses: {
      classes: {
        standard: { memoryMb: 1024, cpus: 1 },
        small: { memoryMb: 512, reservationMb: 256, cpus: 1 },
      },
    },
    problem: `classes.small.memoryMb = 512 | openclaw/openclaw:2026.9.6 needs ${footprintOf("openclaw/openclaw:2026.9.6").minimumMb} MiB: with 512 MiB it is killed while it starts or soon after | set it to ${footprintOf("openclaw/openclaw:2026.9.6").minimumMb} or more, or use class standard (1024 MiB)`,
  },
  {
    rule: "hostsAreDistinct",
    accepts: { hosts: { one: { kind: "docker" }, two: { kind: "docker", address: "tcp://h:1" } } },
    refuses: { hosts: { one: { kind: "docker" }, two: { kind: "docker" } } },
    problem:
      'hosts.two.address = "unix:///var/run/docker.sock" | host one is the same Docker engine, and two ingresses cannot share its ports | give each host its own engine',
  },
  {
    rule: "roomsAreClearOfDocker",
    accepts: host({ subnets: "172.30.0.0/16" }),
    refuses: host({ subnets: "172.16.0.0/12" }),
    problem:
      'hosts.one.subnets = "172.16.0.0/12" | the range overlaps Docker\'s own 172.17.0.0/16 | use a private range that nothing else on the host uses, such as 10.96.0.0/16',
  },
  {
    rule: "networksAreApart",
    accepts: { hosts: rented(), privateNetwork: "10.97.0.0/16" },
    refuses: { hosts: rented(), privateNetwork: "10.96.0.0/12" },
    problem:
      'privateNetwork = "10.96.0.0/12" | it overlaps the subnets of hosts.eu, 10.96.0.0/16 | use another private range for one of the two',
  },
  {
    rule: "locationsAreInAZone",
    accepts: { hosts: rented({ locations: ["hel1"] }) },
    refuses: { hosts: rented({ locations: ["hel1", "par1"] }) },
    problem:
      'hosts.eu.locations.1 = "par1" | it is not known which network zone this location is in | use one of ash, fsn1, hel1, hil, nbg1, sin',
  },
  {
    rule: "closedSshHasAnotherWay",
    accepts: { hosts: rented({ sshFrom: [] }), tailscale: TAILNET },
    refuses: { hosts: rented({ sshFrom: [] }) },
    problem:
      "hosts.eu.sshFrom = [] | SSH is let in from nowhere, and the fleet is in no tailnet: nobody could reach the servers | name your own address, such as 203.0.113.7/32, or a tailnet under tailscale",
  },
  {
    rule: "tailnetsAreNamed",
    accepts: { agents: { alice: { access: "tailscale" } }, tailscale: TAILNET },
    refuses: { agents: { alice: { access: "tailscale" } } },
    problem:
      'agents.alice.access = "tailscale" | the fleet is in no tailnet | name it under tailscale.tailnet, and set its key: pulumi config set --secret tailscaleAuthKey',
  },
  {
    rule: "wildcardsHaveTheirModule",
    accepts: { ingress: { tls: "wildcard", image: "caddy-with-cloudflare:2.11.4" } },
    refuses: { ingress: { tls: "wildcard" } },
    problem:
      'ingress.image = "caddy:2.11.4" | a wildcard certificate is proved by a DNS record, and this image has no module dns.providers.cloudflare | use an image of Caddy that is built with it, or tls: acme',
  },
  {
    rule: "doorPortsDiffer",
    accepts: { ingress: { httpPort: 80 } },
    refuses: { ingress: { httpPort: 443 } },
    problem: "ingress.httpPort = 443 | ingress.port is the same port | use another for one of the two",
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
