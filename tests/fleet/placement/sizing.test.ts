import { describe, expect, it } from "vitest";
import {
  type Amounts,
  amountsOf,
  capacityOf,
  describeAmounts,
  fits,
  howOften,
  reservationOf,
  subtract,
  utilization,
} from "../../../fleet/placement/sizing.ts";
import { fleet } from "../../support/fleets.ts";

const { sizing } = fleet().settings;
const GIB = 1024;
/** The tables give an agent's memory in megabytes and a server's in gigabytes of 1024³, as Docker's guides and hosters do. */
const mib = (megabytes: number): number => (megabytes * 1e6) / 2 ** 20;

interface Server {
  readonly memoryGb: number;
  readonly cpus: number;
  readonly diskGb?: number;
}

const capacity = ({ memoryGb, cpus, diskGb }: Server): Amounts =>
  capacityOf({ memoryMb: memoryGb * GIB, cpus, diskGb, maxAgents: 100 }, sizing);

/** "Roughly 2 GB per agent", which "spikes to 2 to 2.5 GB". */
const ROOMY = amountsOf({ reservationMb: 2 * GIB, memoryMb: 2.5 * GIB, cpus: 1, diskGb: 2 });
/** A limit of 512 MB and one CPU, a reservation of 256 MB. */
const DENSE = amountsOf({ reservationMb: mib(256), memoryMb: mib(512), cpus: 1, diskGb: 2 });

/** Upper counts of the rows of the two tables that operators size by. */
const TABLES = [
  { table: "2 GB an agent", agent: ROOMY, agents: 1, server: { memoryGb: 4, cpus: 2 }, before: undefined },
  {
    table: "2 GB an agent",
    agent: ROOMY,
    agents: 3,
    server: { memoryGb: 8, cpus: 4 },
    before: { memoryGb: 4, cpus: 2 },
  },
  {
    table: "2 GB an agent",
    agent: ROOMY,
    agents: 6,
    server: { memoryGb: 16, cpus: 6 },
    before: { memoryGb: 8, cpus: 4 },
  },
  {
    table: "dense",
    agent: DENSE,
    agents: 10,
    server: { memoryGb: 4, cpus: 4, diskGb: 40 },
    before: undefined,
  },
  {
    table: "dense",
    agent: DENSE,
    agents: 25,
    server: { memoryGb: 8, cpus: 6, diskGb: 80 },
    before: { memoryGb: 4, cpus: 4, diskGb: 40 },
  },
  {
    table: "dense",
    agent: DENSE,
    agents: 50,
    server: { memoryGb: 16, cpus: 8, diskGb: 160 },
    before: { memoryGb: 8, cpus: 6, diskGb: 80 },
  },
  {
    table: "dense",
    agent: DENSE,
    agents: 100,
    server: { memoryGb: 32, cpus: 16, diskGb: 320 },
    before: { memoryGb: 16, cpus: 8, diskGb: 160 },
  },
] as const;

describe("the sizing formula", () => {
  it.each(TABLES)(
    "holds $agents agents ($table) on $server.memoryGb GB, and not on the next smaller server",
    ({ agent, agents, server, before }) => {
      expect(
        fits(
          agent.map((amount) => amount * agents),
          capacity(server),
        ),
      ).toBe(true);
      if (before !== undefined)
        expect(
          fits(
            agent.map((amount) => amount * agents),
            capacity(before),
          ),
        ).toBe(false);
    },
  );

  it("is no looser than the roomy table: one more agent does not fit any of its servers", () => {
    const most = TABLES.filter(({ agent }) => agent === ROOMY).map(({ server }) =>
      howOften(ROOMY, capacity(server)),
    );
    expect(most).toEqual([1, 3, 6]);
  });

  it.each([
    { dimension: "memory in use", agent: { reservationMb: 3073 }, free: false },
    { dimension: "memory in use", agent: { reservationMb: 3072 }, free: true },
    { dimension: "limits", agent: { memoryMb: 6145 }, free: false },
    { dimension: "limits", agent: { memoryMb: 6144 }, free: true },
    { dimension: "CPUs", agent: { cpus: 12.75 }, free: false },
    { dimension: "CPUs", agent: { cpus: 12.5 }, free: true },
    { dimension: "disk", agent: { diskGb: 31 }, free: false },
    { dimension: "disk", agent: { diskGb: 30 }, free: true },
  ])("counts $dimension on its own: $agent", ({ agent, free }) => {
    const need = amountsOf({ reservationMb: 100, memoryMb: 100, cpus: 0.25, diskGb: 1, ...agent });
    expect(fits(need, capacity({ memoryGb: 4, cpus: 2, diskGb: 40 }))).toBe(free);
  });

  it.each([
    { about: "an idle gateway and a quarter of what a turn adds", memoryMb: 2048, busyShare: 0.25, of: 700 },
    { about: "no turn where no agent is busy", memoryMb: 2048, busyShare: 0, of: 600 },
    { about: "a whole turn where all are busy", memoryMb: 2048, busyShare: 1, of: 1000 },
    { about: "whole MiB, rounded up", memoryMb: 2048, busyShare: 0.001, of: 601 },
    { about: "no more of a turn than the limit allows", memoryMb: 800, busyShare: 0.5, of: 700 },
    { about: "what is idle, where the limit is below it", memoryMb: 500, busyShare: 0.5, of: 600 },
  ])("sets aside $about", ({ memoryMb, busyShare, of }) => {
    expect(reservationOf({ idleMb: 600, turnMb: 1000 }, memoryMb, { ...sizing, busyShare })).toBe(of);
  });

  it("keeps a quarter of the memory for the system, and a GiB at least", () => {
    const ofMemory = (memoryMb: number): number | undefined =>
      capacityOf({ memoryMb, maxAgents: 1 }, sizing)[0];
    expect([2048, 4096, 8192, 65_536].map(ofMemory)).toEqual([1024, 3072, 6144, 49_152]);
  });

  it("keeps the system's part of a shared disk, and none of a data volume", () => {
    const disk = (machine: object): number | undefined => capacityOf({ maxAgents: 1, ...machine }, sizing)[3];
    expect([disk({ diskGb: 40 }), disk({ diskGb: 40, dataGb: 20 }), disk({})]).toEqual([30, 20, Infinity]);
  });

  it("does not limit what is not known", () => {
    expect(howOften(ROOMY, capacityOf({ maxAgents: 7 }, sizing))).toBe(7);
  });

  it("describes amounts in words, without what has no limit", () => {
    expect(describeAmounts([600, 1024, 1.25, Infinity, 1])).toBe(
      "600 MiB reserved, 1024 MiB of limits, 1.25 CPUs",
    );
  });

  it("measures a host by its bottleneck, and one without known limits as empty", () => {
    expect(utilization([50, 10, 1, 0, 1], [100, 100, 2, 100, 100])).toBe(0.5);
    expect(utilization([50, 10, 1, 1, 1], [Infinity, Infinity, Infinity, Infinity, 100])).toBe(0.01);
    expect(utilization([0, 0, 0, 0, 0], [0, 0, 0, 0, 0])).toBe(0);
  });

  it("computes how often a need fits by the dimension that runs out first", () => {
    expect(howOften([10, 0, 3, 1, 1], [100, 0, 10, 100, 100])).toBe(3);
    expect(subtract([5, 4, 3, 2, 1], [1, 1, 1, 1, 1])).toEqual([4, 3, 2, 1, 0]);
  });
});
