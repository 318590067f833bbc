/** Small fleets for tests of the pure core. */
import { parseFleet } from "../../fleet/config/parse.ts";
import { FleetError } from "../../fleet/config/problem.ts";
import type { Fleet } from "../../fleet/config/schema.ts";

/** Who may log in to rented servers: what a group of them cannot do without. */
export const LOGIN = { publicKeys: ["ssh-ed25519 AAAA"], sshFrom: ["203.0.113.0/24"] };

/** A valid configuration with whatever a test is about put over it. */
export const config = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  domain: "agents.example.com",
  hosts: { one: { kind: "docker" } },
  agents: { alice: {}, bob: {} },
  ...changes,
});

export const fleet = (changes: Record<string, unknown> = {}): Fleet => parseFleet(config(changes));

/** What a configuration is refused with: `path = value | message | remedy` of each problem. */
export function problemsOf(raw: unknown): string[] {
  try {
    parseFleet(raw);
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    return error.problems.map(({ path, value, message, remedy }) =>
      [`${path}${value === undefined ? "" : ` = ${JSON.stringify(value)}`}`, message, remedy].join(" | "),
    );
  }
  return [];
}
