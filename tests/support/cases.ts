/**
 * File pairs in the manner of Caddy's own `*.caddyfiletest`: in each `*.case` file an input in YAML, a line of hyphens, and
 * what it is rendered to. `vitest -u` writes the outputs again: read the difference before you commit it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import type { ServedAgent } from "../../fleet/services/service.ts";

const SEPARATOR = "----------\n";

export interface CaseInput {
  /** A service's settings; its defaults apply. */
  readonly settings?: object;
  readonly agents: readonly (Partial<ServedAgent> & Pick<ServedAgent, "name">)[];
}

/** The agents of a case, in slots of their own from 0. */
export const servedAgents = ({ agents }: CaseInput): ServedAgent[] =>
  agents.map((agent, slot) => ({
    enabled: true,
    access: "public",
    hostname: `${agent.name}.agents.example.com`,
    address: `10.96.0.${8 * slot + 2}`,
    loopbackPort: 18_800 + slot,
    egress: [],
    ...agent,
  }));

export function itRendersCases(folder: string, render: (input: CaseInput) => string): void {
  const files = readdirSync(folder).filter((name) => name.endsWith(".case"));

  it("has cases", () => {
    expect(files).not.toEqual([]);
  });

  it.each(files)("renders %s", async (name) => {
    const file = join(folder, name);
    const [input = ""] = readFileSync(file, "utf8").split(SEPARATOR);
    await expect(`${input}${SEPARATOR}${render(parse(input) as CaseInput)}`).toMatchFileSnapshot(file);
  });
}
