import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fleetSchema } from "../../fleet/config/schema.ts";
import { generated } from "../../schema/generate.ts";
import { toJsonSchema } from "../../schema/json-schema.ts";
import { renderReference } from "../../schema/reference.ts";

const ROOT = join(import.meta.dirname, "../..");

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

/** Paths of all settings, whichever way they are nested, with their nodes. */
function settingsOf(node: Node, path = ""): [string, Node][] {
  const nested = [
    ...(node.anyOf ?? []),
    ...(node.oneOf ?? []),
    ...(typeof node.additionalProperties === "object" ? [node.additionalProperties] : []),
  ];
  return [
    ...Object.entries(node.properties ?? {}).flatMap(([name, setting]): [string, Node][] => [
      [`${path}${name}`, setting],
      ...settingsOf(setting, `${path}${name}.`),
    ]),
    ...nested.flatMap((inner) => settingsOf(inner, path)),
  ];
}

describe("what is generated from the settings", () => {
  it.each([...generated()])("%s is what `npm run schema` writes", (file, content) => {
    expect(readFileSync(join(ROOT, file), "utf8")).toBe(content);
  });

  it("describes every setting where it is defined", () => {
    const settings = settingsOf(toJsonSchema(fleetSchema) as Node).filter(([path]) => !path.endsWith("kind"));
    expect(settings.length).toBeGreaterThan(70);
    expect(settings.filter(([, { description }]) => description === undefined).map(([path]) => path)).toEqual(
      [],
    );
  });

  it("lists every setting in the reference", () => {
    const reference = renderReference(toJsonSchema(fleetSchema));
    const names = settingsOf(toJsonSchema(fleetSchema) as Node).map(([path]) => path.split(".").at(-1));
    for (const name of names) expect(reference).toMatch(new RegExp(`\`(?:[a-zA-Z<>.]+\\.)?${name}(?:: |\`)`));
  });

  it("says a section's own default where the section is left out", () => {
    expect(renderReference(toJsonSchema(fleetSchema))).toContain("| `tools.deny` | `[gateway, cron]` |");
  });
});
