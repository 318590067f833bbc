/** What a status page lists. It is made anew from the fleet's outputs with each `pulumi up` of this stack. */
import * as pulumi from "@pulumi/pulumi";
import { agentUrl, readFleet } from "../../reader/reader.ts";

const config = new pulumi.Config();
const fleet = readFleet(config.require("fleetStack"));

/** Disabled agents have a URL too, and nobody answers there. */
export const agents = fleet.apply(({ agents }) =>
  Object.entries(agents).map(([name, { url, enabled }]) => ({ name, url, state: enabled ? "on" : "off" })),
);

export const support = fleet.apply((fleet) => agentUrl(fleet, config.require("supportAgent")));
