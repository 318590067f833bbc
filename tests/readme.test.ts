import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { parseFleet } from "./support/parse-fleet.ts";

const README = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

/** The parts of stack files that it shows. */
const EXAMPLES = [...README.matchAll(/```yaml\n(.*?)```/gs)]
  .map(([, text = ""]) => text)
  .filter((text) => /^agents:/m.test(text));

it("the README shows a fleet", () => {
  expect(EXAMPLES).not.toEqual([]);
});

it.each(EXAMPLES)("the README's example is a valid fleet: %s", (text) => {
  const frame = { domain: "agents.example.com", hosts: { one: { kind: "docker" } } };
  const { agents } = parseFleet({ ...frame, ...parse(text) });
  expect(agents.length).toBeGreaterThan(0);
});
