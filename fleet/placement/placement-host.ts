/** A host while it is being filled. */
import type { HostMachine } from "../hosts/host.ts";
import type { HostGroup, Offer } from "./offer.ts";
import { type Amounts, add, DISK, fits, NOTHING, subtract, utilization } from "./sizing.ts";
import { withVolumeFor } from "./volume.ts";

/** An agent as placement sees it. */
export interface Candidate {
  readonly name: string;
  readonly class: string;
  readonly need: Amounts;
  /** A host, or a group of servers. */
  readonly pin?: string | undefined;
  readonly location?: string | undefined;
  readonly antiAffinity?: string | undefined;
  readonly isDedicated: boolean;
}

export interface PlacementHostOptions extends HostMachine {
  readonly group: HostGroup;
  /** Slots that no agent has. */
  readonly freeSlots: number;
}

export class PlacementHost {
  readonly options: PlacementHostOptions;
  readonly agents: Candidate[] = [];
  #used: Amounts = NOTHING;
  readonly #antiAffinity = new Set<string>();
  #freeSlots: number;
  /** How many of its agents were here before. */
  #kept = 0;

  constructor(options: PlacementHostOptions) {
    this.options = options;
    this.#freeSlots = options.freeSlots;
  }

  /** A server that is to be ordered. */
  static ordered(name: string, offer: Offer): PlacementHost {
    const { group, machine, capacity, location } = offer;
    const freeSlots = machine.maxAgents;
    return new PlacementHost({
      name,
      group,
      machine,
      capacity,
      location,
      offer,
      isDraining: false,
      freeSlots,
    });
  }

  get name(): string {
    return this.options.name;
  }

  get used(): Amounts {
    return this.#used;
  }

  get free(): Amounts {
    return subtract(this.options.capacity, this.#used);
  }

  get utilization(): number {
    return utilization(this.#used, this.options.capacity);
  }

  get freeSlots(): number {
    return this.#freeSlots;
  }

  get isOvercommitted(): boolean {
    return !fits(this.#used, this.options.capacity);
  }

  get isDedicated(): boolean {
    return this.agents.some(({ isDedicated }) => isDedicated);
  }

  /** Whether the agent's pin and location allow this host, were it empty. */
  suits({ pin, location }: Candidate): boolean {
    const { name, group, location: here } = this.options;
    return (
      (pin === undefined || pin === name || pin === group.name) &&
      (location === undefined || location === here)
    );
  }

  /** Whether anti-affinity and isolation allow the agent next to those already placed here. */
  tolerates({ antiAffinity, isDedicated }: Candidate): boolean {
    if (this.isDedicated || (isDedicated && this.agents.length > 0)) return false;
    return antiAffinity === undefined || !this.#antiAffinity.has(antiAffinity);
  }

  hasCapacityFor(agent: Candidate): boolean {
    return (
      !this.options.isDraining &&
      this.#freeSlots > 0 &&
      this.suits(agent) &&
      this.tolerates(agent) &&
      fits(agent.need, this.free)
    );
  }

  /** An agent that is here already, and so has a slot. */
  keep(agent: Candidate): void {
    this.#add(agent);
    this.#kept++;
  }

  place(agent: Candidate): void {
    this.#add(agent);
    this.#freeSlots--;
  }

  /** Takes away all that have been placed here. */
  withdraw(): void {
    const placed = this.agents.splice(this.#kept);
    if (placed.length === 0) return;
    this.#freeSlots += placed.length;
    const kept = this.agents.splice(0);
    this.#used = NOTHING;
    this.#antiAffinity.clear();
    for (const agent of kept) this.#add(agent);
  }

  #add(agent: Candidate): void {
    this.agents.push(agent);
    this.#used = add(this.#used, agent.need);
    if (agent.antiAffinity !== undefined) this.#antiAffinity.add(agent.antiAffinity);
  }

  /** The same host as another server type. */
  resized(offer: Offer): PlacementHost {
    const { machine, capacity } = offer;
    const host = new PlacementHost({ ...this.options, offer, machine, capacity, freeSlots: this.#freeSlots });
    for (const [index, agent] of this.agents.entries()) {
      host.#add(agent);
      if (index < this.#kept) host.#kept++;
    }
    return host;
  }

  /** The same host with a data volume that holds what is placed here. */
  withVolume(): PlacementHost {
    const { offer } = this.options;
    const sized = offer && withVolumeFor(offer, this.#used[DISK] ?? 0);
    return sized === offer || sized === undefined ? this : this.resized(sized);
  }
}
