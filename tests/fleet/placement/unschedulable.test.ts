import { describe, expect, it } from "vitest";
import type { Candidate } from "../../../fleet/placement/placement-host.ts";
import { PlacementHost } from "../../../fleet/placement/placement-host.ts";
import { overcommitted, unschedulable } from "../../../fleet/placement/unschedulable.ts";
import { rendered } from "../../support/fleets.ts";
import { candidate, offer } from "../../support/placements.ts";

const alice = candidate("alice");
const host = (changes: object = {}): PlacementHost =>
  new PlacementHost({ ...PlacementHost.ordered("eu-1", offer()).options, ...changes });
const texts = (...args: Parameters<typeof unschedulable>): string[] => unschedulable(...args).map(rendered);

describe("unschedulable", () => {
  it("reports alike agents once, with what they need and the host with most to spare", () => {
    const others = [candidate("bob"), candidate("carol", { class: "heavy" })];
    expect(texts([alice, ...others], [host()], [], [])).toEqual([
      'agents.alice = "and 1 more like it" | no capacity: an agent of class light takes 600 MiB reserved, 1024 MiB of limits, 1 CPUs, 2 GB of disk; eu-1 has most to spare: 3072 MiB reserved, 6144 MiB of limits, 25 CPUs, 30 GB of disk, 100 agents, 100 slots | add a host, use a smaller class, or remove agents',
      "agents.carol | no capacity: an agent of class heavy takes 600 MiB reserved, 1024 MiB of limits, 1 CPUs, 2 GB of disk; eu-1 has most to spare: 3072 MiB reserved, 6144 MiB of limits, 25 CPUs, 30 GB of disk, 100 agents, 100 slots | add a host, use a smaller class, or remove agents",
    ]);
  });

  it("says that there is no host for it, or none that its pin allows", () => {
    expect(texts([alice], [], [], [])).toEqual([expect.stringContaining("; the fleet has no host for it |")]);
    expect(texts([candidate("a", { pin: "us" })], [host()], [], [])).toEqual([
      expect.stringContaining("; there is no host us that accepts it |"),
    ]);
  });

  it("says for the sake of whom a host with room is not for it", () => {
    const because = (agent: Candidate, ...there: Candidate[]): string[] => {
      const filled = host();
      for (const each of there) filled.place(each);
      return texts([agent], [filled], [], []);
    };
    const remedy = "add a host, or change antiAffinity or isolation of one of them";
    expect(
      because(candidate("b", { antiAffinity: "x" }), candidate("c"), candidate("a", { antiAffinity: "x" })),
    ).toEqual([`agents.b | no place: eu-1 has a with the same antiAffinity, x | ${remedy}`]);
    expect(because(candidate("b", { isDedicated: true }), candidate("a"))).toEqual([
      `agents.b | no place: it is to be alone (isolation: dedicated), and eu-1 has a | ${remedy}`,
    ]);
    expect(because(candidate("b"), candidate("a", { isDedicated: true }))).toEqual([
      `agents.b | no place: eu-1 is for a alone (isolation: dedicated) | ${remedy}`,
    ]);
    // Without room it is the room that counts.
    expect(because(candidate("b", { isDedicated: true, need: [9000, 1, 1, 1, 1] }), candidate("a"))).toEqual([
      expect.stringContaining("no capacity: "),
    ]);
  });

  it("asks for more ports where every slot is taken", () => {
    expect(texts([alice], [host({ freeSlots: 0 })], [], [])).toEqual([
      expect.stringMatching(
        /, 0 slots \| append a range to hosts\.eu\.ports, such as 19000-19999 .* free after it$/,
      ),
    ]);
  });

  it("asks for a smaller class where even the largest server is too small", () => {
    const giant = candidate("a", { need: [9000, 1024, 1, 2, 1] });
    expect(texts([giant], [], [offer(), offer({ memoryMb: 8192 })], [])).toEqual([
      expect.stringMatching(
        /; the largest server that may be ordered, cx8, has 6144 MiB reserved,.* \| use a smaller class, or allow larger families in hosts\.\*\.families$/,
      ),
    ]);
  });

  it("names the ways that growth does not allow", () => {
    const way = {
      kind: "add",
      what: "add 1 cx4 in fsn1",
      monthly: 4,
      downtime: "none",
      allowed: false,
      chosen: false,
    } as const;
    expect(texts([alice], [host()], [], [way])).toEqual([
      expect.stringMatching(
        /; add 1 cx4 in fsn1 \(4\.00 a month\) is not allowed by growth \| allow one of these in hosts\.\*\.growth, use a smaller class, or remove agents$/,
      ),
    ]);
  });
});

describe("overcommitted", () => {
  const filled = (of: PlacementHost): PlacementHost => {
    of.keep(candidate("a", { need: [4000, 1, 1, 1, 1] }));
    return of;
  };

  it("gives both sums, and the remedies for a server and for an operator's own host", () => {
    expect(rendered(overcommitted(filled(host())))).toBe(
      'hosts.eu = "eu-1" | its agents take 4000 MiB reserved, 1 MiB of limits, 1 CPUs, 1 GB of disk; it has 3072 MiB reserved, 6144 MiB of limits, 25 CPUs, 30 GB of disk, 100 agents | make the agents\' classes smaller, pin some to another host, or allow "resize" in its growth',
    );
    expect(overcommitted(filled(host({ offer: undefined }))).remedy).toBe(
      "make the agents' classes smaller, pin some to another host, or correct the host's memoryMb, cpus and diskGb",
    );
  });
});
