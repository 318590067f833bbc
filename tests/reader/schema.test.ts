import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fleetOutputSchema } from "../../reader/schema.ts";
import { SAMPLE } from "./sample.ts";

const SCHEMA_FILE = join(import.meta.dirname, "../../reader/fleet.schema.json");

const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

describe("the shape of the fleet output", () => {
  it("is what the program outputs, exactly", () => {
    const golden = read(join(import.meta.dirname, "../stacks/program.golden.json"));
    // Parsing leaves out what the schema does not name, so nothing more is there either.
    expect(fleetOutputSchema.parse(golden.outputs.fleet)).toEqual(golden.outputs.fleet);
  });
});

describe("fleet.schema.json", () => {
  const committed = read(SCHEMA_FILE);

  it("accepts a fleet, and one with keys that it does not know", () => {
    const schema = z.fromJSONSchema(committed);
    expect(schema.safeParse(SAMPLE).success).toBe(true);
    const newer = { ...SAMPLE, region: "eu", agents: { alice: { ...SAMPLE.agents["alice"], tier: "gold" } } };
    expect(schema.safeParse(newer).success).toBe(true);
  });

  it.each([
    ["without hosts", { agents: {} }],
    ["with an agent that lacks all", { ...SAMPLE, agents: { alice: {} } }],
    [
      "with a slot that is no whole number",
      { ...SAMPLE, agents: { alice: { ...SAMPLE.agents["alice"], slot: 0.5 } } },
    ],
  ])("refuses a fleet %s", (_, fleet) => {
    expect(z.fromJSONSchema(committed).safeParse(fleet).success).toBe(false);
  });

  it("says of every key what it means", () => {
    const { hosts, agents } = committed.properties;
    const keys = [hosts, agents].flatMap(({ additionalProperties }) =>
      Object.values(additionalProperties.properties),
    );
    expect(keys.filter((key) => (key as { description?: string }).description === undefined)).toEqual([]);
  });
});
