/**
 * What an agent's models may cost a month, from how much it is used. An estimate, and a wide one: known are only what
 * 1,000 and 10,000 messages a day were reported to cost, and what small models save.
 */
import type { AgentSettings } from "../config/agent.ts";

/** US dollars a month. */
export interface Spend {
  readonly low: number;
  readonly high: number;
}

/** Reported for 1,000 and for 10,000 messages a day. */
const REPORTED = [
  { messages: 1000, low: 50, high: 150 },
  { messages: 10_000, low: 300, high: 800 },
] as const;

/** Small models for 80 % of the messages save 40 to 60 % of the costs. */
const SMALL = { share: 0.8, leastSaving: 0.4, mostSaving: 0.6 } as const;

/** Between the two reports along a power law, beyond them in proportion. */
function scaled(messages: number, edge: "low" | "high"): number {
  const [few, many] = REPORTED;
  if (messages <= few.messages) return (few[edge] * messages) / few.messages;
  if (messages >= many.messages) return (many[edge] * messages) / many.messages;
  const exponent = Math.log(many[edge] / few[edge]) / Math.log(many.messages / few.messages);
  return few[edge] * (messages / few.messages) ** exponent;
}

export function modelSpend({
  messagesPerDay,
  smallModelShare,
  localModelShare,
}: NonNullable<AgentSettings["usage"]>): Spend {
  const paid = 1 - localModelShare;
  const saved = (saving: number): number => 1 - Math.min(1, smallModelShare / SMALL.share) * saving;
  return {
    low: scaled(messagesPerDay, "low") * paid * saved(SMALL.mostSaving),
    high: scaled(messagesPerDay, "high") * paid * saved(SMALL.leastSaving),
  };
}
