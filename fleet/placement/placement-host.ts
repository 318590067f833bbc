/** A host while it is being filled. */
import { type Amounts, add, fits, utilization, NOTHING, subtract } from "./sizing.ts";
import type { Offer } from "./offers.ts";

/** An agent as placement sees it. */
export interface Candidate {
  readonly name: string;
  readonly class: string;
  readonly need: Amounts;
  /** A host, or a group of servers. */
  readonly pin?: string | undefined;
  readonly location?: string | undefined;
  readonly spread?: string | undefined;
  readonly isDedicated: boolean;
}

export interface SiteOptions {
  readonly name: string;
  /** The key of `hosts` that it belongs to: its own name, or its group's. */
  readonly entry: string;
  readonly capacity: Amounts;
  readonly location?: string | undefined;
  /** What is rented; absent where the host is the operator's. */
  readonly offer?: Offer | undefined;
  /** Takes no agents, and keeps none. */
  readonly isDraining: boolean;
  /** Numbers of slots that nobody has. */
  readonly freeSlots: number;
}

export class Site {
  readonly options: SiteOptions;
  readonly agents: Candidate[] = [];
  #used: Amounts = NOTHING;
  readonly #spreads = new Set<string>();
  #freeSlots: number;

  constructor(options: SiteOptions) {
    this.options = options;
    this.#freeSlots = options.freeSlots;
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

  /** Whether the agent may be here at all, were the host empty. */
  suits({ pin, location }: Candidate): boolean {
    const { name, entry, location: here } = this.options;
    return (
      (pin === undefined || pin === name || pin === entry) && (location === undefined || location === here)
    );
  }

  /** Whether nobody who is here minds the agent, nor it them. */
  tolerates({ spread, isDedicated }: Candidate): boolean {
    if (this.isDedicated || (isDedicated && this.agents.length > 0)) return false;
    return spread === undefined || !this.#spreads.has(spread);
  }

  hasRoomFor(agent: Candidate): boolean {
    return (
      !this.options.isDraining &&
      this.#freeSlots > 0 &&
      this.suits(agent) &&
      this.tolerates(agent) &&
      fits(agent.need, this.free)
    );
  }

  /** Someone who lives here already, and so has a slot. */
  keep(agent: Candidate): void {
    this.agents.push(agent);
    this.#used = add(this.#used, agent.need);
    if (agent.spread !== undefined) this.#spreads.add(agent.spread);
  }

  place(agent: Candidate): void {
    this.keep(agent);
    this.#freeSlots--;
  }

  /** The same host with other limits. */
  resized(offer: Offer): Site {
    const site = new Site({ ...this.options, offer, capacity: offer.capacity, freeSlots: this.#freeSlots });
    for (const agent of this.agents) site.keep(agent);
    return site;
  }
}
