/** The stack that operators begin with: everything it registers, with no credentials and no host. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { record, summary } from "../support/registrations.ts";

const FILE = join(import.meta.dirname, "../../Pulumi.prod.yaml");

describe("Pulumi.prod.yaml", () => {
  it("registers exactly what the golden file says", async () => {
    const { config } = parse(readFileSync(FILE, "utf8")) as { config: Record<string, unknown> };
    const { goals, outputs, messages } = await record(config["agent-fleet:fleet"]);
    expect(messages).toEqual([]);
    const text = JSON.stringify({ registrations: goals.map(summary), outputs }, null, 2);
    await expect(`${text}\n`).toMatchFileSnapshot("prod.golden.json");
  });
});
