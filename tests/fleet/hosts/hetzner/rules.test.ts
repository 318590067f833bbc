import { HETZNER_RULES } from "../../../../fleet/hosts/hetzner/rules.ts";
import type { HetznerSettings } from "../../../../fleet/hosts/hetzner/settings.ts";
import { config, hetznerGroup, problemsOf, rendered, settingsOf, TAILNET } from "../../../support/fleets.ts";
import { describeRules } from "../../../support/rules.ts";

const eu = (settings: object = {}, others: object = {}): Record<string, unknown> => ({
  hosts: { eu: hetznerGroup(settings), ...others },
});

describeRules(
  "the rules of servers at Hetzner",
  HETZNER_RULES,
  [
    {
      rule: "serverNamesAreFree",
      accepts: eu({}, { "eu-west": { kind: "docker" } }),
      refuses: eu({}, { "eu-1": { kind: "docker" } }),
      problem: "hosts.eu-1 | servers of group eu are named eu-1, eu-2, … | rename one of the two",
    },
    {
      rule: "serversAreOfTheirGroup",
      accepts: eu({ drain: ["eu-2"] }),
      refuses: eu({ drain: ["us-2"] }),
      problem:
        'hosts.eu.drain.0 = "us-2" | no server of group eu can have that name | use a name such as eu-1',
    },
    {
      rule: "serversAreOfTheirGroup",
      about: "retired ones",
      accepts: eu({ retire: ["eu-2"] }),
      refuses: eu({ retire: ["eu-2", "eu-west-2"] }),
      problem:
        'hosts.eu.retire.1 = "eu-west-2" | no server of group eu can have that name | use a name such as eu-1',
    },
    {
      rule: "locationsAreInAZone",
      accepts: eu({ locations: ["hel1"] }),
      refuses: eu({ locations: ["hel1", "par1"] }),
      problem:
        'hosts.eu.locations.1 = "par1" | the network zone of this location is not known | use one of ash, fsn1, hel1, hil, nbg1, sin',
    },
    {
      rule: "closedSshHasAnotherWay",
      accepts: { ...eu({ sshFrom: [] }), tailscale: TAILNET },
      refuses: eu({ sshFrom: [] }),
      problem:
        "hosts.eu.sshFrom = [] | sshFrom is empty and no tailnet is configured, so the servers would be unreachable | name your own address, such as 203.0.113.7/32, or a tailnet under tailscale",
    },
    {
      rule: "networksAreApart",
      accepts: { ...eu(), privateNetwork: "10.97.0.0/16" },
      refuses: { ...eu(), privateNetwork: "10.96.0.0/12" },
      problem:
        'privateNetwork = "10.96.0.0/12" | it overlaps the agents\' networks of hosts.eu, 10.96.0.0/16 | use another private range for one of the two',
    },
  ],
  {
    byRule: (rule, changes) => {
      const { hosts, privateNetwork, tailscale } = settingsOf(changes);
      const context = {
        name: "eu",
        hostNames: Object.keys(hosts),
        privateNetwork,
        hasTailnet: tailscale !== undefined,
      };
      return HETZNER_RULES[rule]?.(hosts["eu"] as HetznerSettings, context).map(rendered) ?? [];
    },
    byAll: (changes) => problemsOf(config(changes)),
  },
);
