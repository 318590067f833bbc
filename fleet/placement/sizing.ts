/**
 * The formula: what a host holds, and what an agent takes of it.
 *
 * An agent fits where, in each of five dimensions, what it takes is still free:
 *
 * | dimension | a host has | an agent takes |
 * | --- | --- | --- |
 * | memory in use | its memory less the system's reserve | its reservation: what its gateway holds when idle, and a share of a turn |
 * | memory limits | its memory × the memory overcommit | its class's limit |
 * | CPUs | its CPUs × the CPU overcommit | its class's CPUs |
 * | disk | its disk less the system's reserve, or what its data volume can grow to | its class's disk |
 * | agents | its ceiling | one |
 *
 * The constants are the defaults of `sizing` in the configuration. Their sources: 1.5 for memory is what hosters use with
 * hard limits; a quarter of the memory, at least 1 GiB, is what a host needs for its system, its services and the page
 * cache, and is what the known sizing tables (2 GB an agent on dedicated hosts; 25 agents of 512 MB on 8 GB) amount to; 6.25
 * agents' CPUs on each of a host's is the densest row of those tables, 100 agents of one CPU on 16. A quarter of the agents
 * busy at the same time is an assumption, not measured: an agent that answers one message after another all day would count
 * as busy all day. Turns are whole: where a quarter of a host's agents is not a whole number, the next turn is held by memory
 * of the system's reserve.
 */
import type { Sizing } from "../config/sizing.ts";

/** The resources that a host has a limited amount of. */
export const DIMENSIONS = [
  { name: "memory", unit: "MiB reserved" },
  { name: "memoryLimits", unit: "MiB of limits" },
  { name: "cpus", unit: "CPUs" },
  { name: "disk", unit: "GB of disk" },
  { name: "agents", unit: "agents" },
] as const;

export type DimensionName = (typeof DIMENSIONS)[number]["name"];

/** An amount in each dimension, in the order of `DIMENSIONS`. Plain numbers, because a large fleet compares many. */
export type Amounts = readonly number[];

/** Where disk is among them. */
export const DISK = DIMENSIONS.findIndex(({ name }) => name === "disk");

export const NOTHING: Amounts = DIMENSIONS.map(() => 0);

/** What a host is made of. What is unknown does not limit. */
export interface Machine {
  readonly memoryMb?: number | undefined;
  readonly cpus?: number | undefined;
  /** The system's disk, GB. */
  readonly diskGb?: number | undefined;
  /** A disk for the agents' data alone, GB. Without one they share the system's. */
  readonly dataGb?: number | undefined;
  /** Agents at most. */
  readonly maxAgents: number;
}

export interface Need {
  readonly reservationMb: number;
  readonly memoryMb: number;
  readonly cpus: number;
  readonly diskGb: number;
}

/** What a gateway holds, MiB. */
interface Held {
  readonly idleMb: number;
  readonly turnMb: number;
}

/**
 * What a host sets aside for an agent whose class does not say it, MiB: so much that all its agents can be idle, and the busy
 * share of them in a turn, in which none holds more than its limit.
 */
export const reservationOf = ({ idleMb, turnMb }: Held, memoryMb: number, { busyShare }: Sizing): number =>
  Math.ceil(idleMb + busyShare * Math.max(0, Math.min(turnMb, memoryMb) - idleMb));

/** What a host keeps for its system, its services and the page cache, MiB. */
const systemReserveMb = (memoryMb: number, { reserveShare, reserveMb }: Sizing): number =>
  Math.max(reserveMb, memoryMb * reserveShare);

export function capacityOf(machine: Machine, sizing: Sizing): Amounts {
  const { memoryMb = Infinity, cpus = Infinity, diskGb = Infinity, dataGb, maxAgents } = machine;
  return [
    memoryMb === Infinity ? Infinity : Math.max(0, memoryMb - systemReserveMb(memoryMb, sizing)),
    memoryMb * sizing.memoryOvercommit,
    cpus * sizing.cpuOvercommit,
    dataGb ?? Math.max(0, diskGb - sizing.reserveDiskGb),
    maxAgents,
  ];
}

export const amountsOf = ({ reservationMb, memoryMb, cpus, diskGb }: Need): Amounts => [
  reservationMb,
  memoryMb,
  cpus,
  diskGb,
  1,
];

export const add = (a: Amounts, b: Amounts): Amounts => a.map((amount, index) => amount + at(b, index));

export const subtract = (a: Amounts, b: Amounts): Amounts => a.map((amount, index) => amount - at(b, index));

export const fits = (need: Amounts, free: Amounts): boolean =>
  need.every((amount, index) => amount <= at(free, index));

/** How often the need fits into what is free. */
export const howOften = (need: Amounts, free: Amounts): number =>
  need.reduce(
    (least, amount, index) => (amount === 0 ? least : Math.min(least, Math.floor(at(free, index) / amount))),
    Infinity,
  );

/** The used share of the bottleneck dimension, 0 to 1. A host without known limits is never full. */
export const utilization = (used: Amounts, capacity: Amounts): number =>
  Math.max(...used.map((amount, index) => (amount === 0 ? 0 : amount / at(capacity, index))));

const at = (amounts: Amounts, index: number): number => amounts[index] ?? 0;

const round = (amount: number): string => String(Math.round(amount * 100) / 100);

/** `768 MiB reserved, 2048 MiB of limits, …`, without what is unlimited and without a count of one agent. */
export const describeAmounts = (amounts: Amounts): string =>
  DIMENSIONS.flatMap(({ name, unit }, index) => {
    const amount = at(amounts, index);
    return amount === Infinity || (name === "agents" && amount === 1) ? [] : [`${round(amount)} ${unit}`];
  }).join(", ");
