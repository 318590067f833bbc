import * as rules from "../../../../fleet/config/rules/hosts.ts";
import { checks, hetznerGroup } from "../../../support/fleets.ts";
import { describeRules } from "../../../support/rules.ts";

const host = (settings: object): Record<string, unknown> => ({
  hosts: { one: { kind: "docker", ...settings } },
});

describeRules(
  "the rules of hosts",
  rules,
  [
    {
      rule: "hasHosts",
      accepts: {},
      refuses: { hosts: {} },
      problem: "hosts = {} | the fleet has no host | add one, such as `local: { kind: docker }`",
    },
    {
      rule: "hostsSuitTheirKind",
      accepts: { hosts: { eu: hetznerGroup(), us: hetznerGroup({ locations: ["ash"] }) } },
      refuses: { hosts: { eu: hetznerGroup(), us: hetznerGroup({ locations: ["nyc1"] }) } },
      problem:
        'hosts.us.locations.0 = "nyc1" | the network zone of this location is not known | use one of ash, fsn1, hel1, hil, nbg1, sin',
    },
    {
      rule: "portRangesAreUsable",
      about: "next to a service's port",
      accepts: host({ ports: ["20000-20009"] }),
      refuses: { ...host({ ports: ["20000-20009"] }), ingress: { port: 20_005 } },
      problem:
        'hosts.one.ports.0 = "20000-20009" | ingress.port 20005 is in the agents\' range | move one of the two',
    },
    {
      rule: "portRangesAreUsable",
      about: "in their order",
      accepts: host({ ports: ["20000-20009"] }),
      refuses: host({ ports: ["20009-20000"] }),
      problem: 'hosts.one.ports.0 = "20009-20000" | the first port is above the last | swap them',
    },
    {
      rule: "portRangesAreUsable",
      about: "next to each other",
      accepts: host({ ports: ["20000-20009", "20010-20019"] }),
      refuses: host({ ports: ["20000-20009", "20009-20019"] }),
      problem: 'hosts.one.ports.1 = "20009-20019" | it overlaps 20000-20009 | list each port once',
    },
    {
      rule: "portRangesAreUsable",
      about: "next to what is reserved",
      accepts: host({ ports: ["18800-18899", "19000-19099"] }),
      refuses: host({ ports: ["18800-18950"] }),
      problem:
        'hosts.one.ports.0 = "18800-18950" | ports 18900-18999 are reserved for future services | use other ports; to widen a range, append another such as 19000-19999',
    },
    {
      rule: "portRangesAreUsable",
      about: "next to a management panel",
      accepts: host({ ports: ["3001-3099"] }),
      refuses: host({ ports: ["2990-3099"] }),
      problem:
        'hosts.one.ports.0 = "2990-3099" | port 3000 is reserved for a management panel | use other ports; to widen a range, append another such as 19000-19999',
    },
    {
      rule: "portRangesAreUsable",
      about: "above the system's",
      accepts: host({ ports: ["1024-1099"] }),
      refuses: host({ ports: ["80-99"] }),
      problem: 'hosts.one.ports.0 = "80-99" | agents\' ports are from 1024 to 65535 | move the range',
    },
    {
      rule: "portRangesAreUsable",
      about: "to the last port",
      accepts: host({ ports: ["65000-65535"] }),
      refuses: host({ ports: ["65000-65536"] }),
      problem: 'hosts.one.ports.0 = "65000-65536" | agents\' ports are from 1024 to 65535 | move the range',
    },
    {
      rule: "hostsAreDistinct",
      accepts: { hosts: { one: { kind: "docker" }, two: { kind: "docker", address: "tcp://h:1" } } },
      refuses: { hosts: { one: { kind: "docker" }, two: { kind: "docker" } } },
      problem:
        'hosts.two.address = "unix:///var/run/docker.sock" | host one is the same Docker daemon, and two ingresses cannot share its ports | give each host its own daemon',
    },
    {
      rule: "hostsAreDistinct",
      about: "over SSH",
      accepts: { hosts: { one: { kind: "ssh", address: "a" }, two: { kind: "ssh", address: "b" } } },
      refuses: { hosts: { one: { kind: "ssh", address: "h" }, two: { kind: "ssh", address: "h" } } },
      problem:
        'hosts.two.address = "ssh://root@h" | host one is the same Docker daemon, and two ingresses cannot share its ports | give each host its own daemon',
    },
    {
      rule: "subnetsAreClearOfDocker",
      accepts: host({ subnets: "172.30.0.0/16" }),
      refuses: host({ subnets: "172.16.0.0/12" }),
      problem:
        'hosts.one.subnets = "172.16.0.0/12" | the range overlaps Docker\'s own 172.17.0.0/16 | use a private range that nothing else on the host uses, such as 10.96.0.0/16',
    },
  ],
  checks(rules),
);
