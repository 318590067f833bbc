/** Settings that several kinds of host share. */
import { z } from "zod";
import { cidr, portRange } from "../config/primitives.ts";
import { PROTECTIONS } from "./protections.ts";

/** What every kind of host is asked: where its agents' networks and ports are. */
export const addressSettings = {
  subnets: cidr
    .default("10.96.0.0/16")
    .describe(
      "The range that the agents' networks are cut from, eight addresses each. Nothing else on the host may use it.",
    ),
  ports: z
    .array(portRange)
    .min(1)
    .default(["18800-18899"])
    .describe(
      "The agents' ports on the host's loopback address; their number is the number of agents. A range that is appended later moves no agent. 3000 and 18900-18999 are reserved.",
    ),
  maxAgents: z
    .int()
    .min(1)
    .optional()
    .describe("Agents on one host at most. Default: as many as there are ports."),
};

/** What a host that exists already is made of. */
export const machineSettings = {
  daemon: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The id of its Docker daemon (`docker info --format '{{.ID}}'`). Without it, the one that the first update found; another one is refused.",
    ),
  unenforced: z
    .array(z.enum(PROTECTIONS))
    .default([])
    .describe(
      "What its Docker daemon does not enforce and its agents do without: every plan says so. An update refuses a daemon that does not enforce anything else that agents are promised.",
    ),
  memoryMb: z
    .int()
    .min(1024)
    .optional()
    .describe("Its memory, MiB. Without it, memory does not limit what is placed there."),
  cpus: z
    .number()
    .positive()
    .optional()
    .describe("Its CPUs. Without them, CPUs do not limit what is placed there."),
  diskGb: z
    .number()
    .positive()
    .optional()
    .describe(
      "The disk that holds Docker's volumes, GB. Without it, disk does not limit what is placed there.",
    ),
  drain: z.boolean().default(false).describe("Moves its agents elsewhere, and accepts no new ones."),
};
