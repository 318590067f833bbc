/** The plan of a large fleet: no engine, no process, only the arithmetic. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Catalogue } from "../../fleet/hosts/hetzner/catalogue.ts";
import { type FleetPlan, planFleet } from "../../fleet/plan-fleet.ts";
import { EMPTY_REGISTRY, type Registry } from "../../fleet/registry.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { parseFleet } from "../../tests/support/parse-fleet.ts";
import { Samples, seconds } from "../support/samples.ts";
import type { Suite } from "../support/suite.ts";

const PUBLIC_KEY = "ssh-ed25519 AAAA";

const AGENTS = 10_000;

/** One type of server, so that some 25 agents share each, whatever is cheapest at the time. */
const catalogueOfOne = (): Catalogue => {
  const { cx53 } = CATALOGUE.types;
  if (cx53 === undefined) throw new Error("the catalogue has no cx53");
  return { ...CATALOGUE, types: { cx53 } };
};

const CLASSES = ["light", "light", "standard", "standard", "heavy"];

const fleetOf = (agents: number): unknown => ({
  domain: "agents.example.com",
  hosts: {
    eu: {
      kind: "hetzner",
      publicKeys: [PUBLIC_KEY],
      sshFrom: ["203.0.113.7/32"],
      families: ["cx"],
      locations: ["fsn1"],
    },
  },
  agents: Object.fromEntries(
    Array.from({ length: agents }, (_, index) => [
      `agent-${index}`,
      { class: CLASSES[index % CLASSES.length] },
    ]),
  ),
});

const registryOf = ({ hosts, agents }: FleetPlan): Registry => ({
  servers: new Map(
    hosts.flatMap(({ name, offer }) =>
      offer === undefined ? [] : [[name, { serverType: offer.serverType, location: offer.location }]],
    ),
  ),
  agents: new Map(agents.map(({ name, host, slot }) => [name, { host, slot }])),
});

setFlagsFromString("--expose-gc");
/** So that no sample pays for an earlier one's garbage. */
const collectGarbage = runInNewContext("gc") as () => void;

export const planning: Suite = {
  name: "planning",
  stacks: [],
  about: `the plan of ${AGENTS.toLocaleString("en")} agents`,
  async run({ repetitions, log }) {
    const catalogue = catalogueOfOne();
    const samples = new Samples();
    let hosts = 0;
    const written = new Map([AGENTS, AGENTS + 100, 2 * AGENTS].map((agents) => [agents, fleetOf(agents)]));
    const plan = (agents: number, registry = EMPTY_REGISTRY): FleetPlan =>
      planFleet(parseFleet(written.get(agents)), registry, "bench", catalogue);
    const timed = async (name: string, agents: number, registry?: Registry): Promise<FleetPlan> => {
      let result: FleetPlan | undefined;
      collectGarbage();
      samples.add(
        name,
        await seconds(async () => {
          result = plan(agents, registry);
        }),
      );
      return result as FleetPlan;
    };
    log("planning");
    // Short times are measured more often.
    for (let round = 0; round < 5 * repetitions; round++) {
      const once = await timed("once", AGENTS);
      await timed("twice", 2 * AGENTS);
      const registry = registryOf(once);
      await timed("again", AGENTS, registry);
      await timed("more", AGENTS + 100, registry);
      hosts = once.hosts.length;
    }
    const row = (what: string, name: string) => ({ what, time: samples.of(name), target: { seconds: 1 } });
    return [
      row(`${AGENTS.toLocaleString("en")} agents read and planned from nothing, on ${hosts} hosts`, "once"),
      row("the same again, nothing changed", "again"),
      row("100 agents added to them", "more"),
      {
        what: `${(2 * AGENTS).toLocaleString("en")} agents planned from nothing`,
        time: samples.of("twice"),
        against: { what: `${AGENTS.toLocaleString("en")} agents`, time: samples.of("once") },
        target: { ratio: 2.3 },
      },
    ];
  },
};
