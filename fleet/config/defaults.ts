/** `defaults`: what every agent gets unless its entry says otherwise. */
import { z } from "zod";
import { domainPattern, model, tools } from "./primitives.ts";

export const defaults = z.strictObject({
  class: z.string().default("standard").describe("The class of agents that name none."),
  model: model.default("anthropic/claude-sonnet-4-6").describe("The model of agents that name none."),
  tools: tools
    .prefault({ deny: ["gateway", "cron"] })
    .describe(
      "Tool lists for every agent. A tool denied here is denied to all; an agent's allow for it is refused.",
    ),
  egress: z.array(domainPattern).default([]).describe("Names on the internet that every agent may reach."),
  startSeconds: z
    .int()
    .min(10)
    .max(3600)
    .default(300)
    .describe("Seconds that an agent may take to report that it has started."),
  stopSeconds: z
    .int()
    .min(1)
    .max(300)
    .default(20)
    .describe("Seconds that an agent gets to finish when it is stopped."),
});
