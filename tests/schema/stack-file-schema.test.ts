/** What an editor makes of the stack files: a JSON Schema validator reads them as the YAML language server does. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "../..");
const SCHEMA = "schema/stack-file.schema.json";

const validate = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(
  JSON.parse(readFileSync(join(ROOT, SCHEMA), "utf8")),
);

const STACK_FILES = readdirSync(ROOT).filter((name) => /^Pulumi\..+\.yaml$/.test(name));

const stackFile = (fleet: object): object => ({
  config: {
    "agent-fleet:fleet": {
      domain: "agents.example.com",
      hosts: { one: { kind: "docker" } },
      agents: { alice: {} },
      ...fleet,
    },
  },
});

/** Formats of JSON Schema itself: a strict validator refuses a schema with any other. */
const FORMATS = ["ipv4", "ipv6", "hostname", "uri", "email"];

/** `path: what is wrong` of each error. */
const errorsOf = (file: object): string[] => {
  validate(file);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
  );
};

describe("the stack file's JSON Schema", () => {
  it("uses formats of JSON Schema alone", () => {
    const formats = [...readFileSync(join(ROOT, SCHEMA), "utf8").matchAll(/"format": "(.*?)"/g)];
    expect(formats.map(([, format]) => format).filter((format) => !FORMATS.includes(format ?? ""))).toEqual(
      [],
    );
  });

  it.each(STACK_FILES)("accepts %s, which names it in its first line", (name) => {
    const text = readFileSync(join(ROOT, name), "utf8");
    expect(text.split("\n")[0]).toBe(`# yaml-language-server: $schema=${SCHEMA}`);
    expect(errorsOf(parse(text))).toEqual([]);
  });

  it("accepts an agent without a value, and secrets as the Pulumi CLI encrypts them", () => {
    expect(errorsOf(stackFile({ agents: { alice: null } }))).toEqual([]);
    const { config } = stackFile({}) as { config: object };
    const secrets = { "agent-fleet:secrets": { alice: { ANTHROPIC_API_KEY: { secure: "v1:x" } } } };
    expect(errorsOf({ config: { ...config, ...secrets } })).toEqual([]);
  });

  it("refuses a misspelled setting with its path", () => {
    expect(errorsOf(stackFile({ ingres: {} }))).toEqual([
      '/config/agent-fleet:fleet: must NOT have additional properties {"additionalProperty":"ingres"}',
    ]);
    expect(errorsOf(stackFile({ sizing: { reserve: 1 } }))).toEqual([
      '/config/agent-fleet:fleet/sizing: must NOT have additional properties {"additionalProperty":"reserve"}',
    ]);
  });

  it("refuses an agent's secret in plain text", () => {
    const { config } = stackFile({}) as { config: object };
    const secrets = { "agent-fleet:secrets": { alice: { ANTHROPIC_API_KEY: "plain" } } };
    expect(errorsOf({ config: { ...config, ...secrets } })).toEqual([
      '/config/agent-fleet:secrets/alice/ANTHROPIC_API_KEY: must be object {"type":"object"}',
    ]);
  });

  it("refuses an unknown key of the program's namespace, and no other namespace's", () => {
    const { config } = stackFile({}) as { config: object };
    const keysOf = (key: string) => errorsOf({ config: { ...config, [key]: "x" } });
    for (const key of ["agent-fleet:flet", "agent-fleet:fleets", "flet"]) {
      expect(keysOf(key)).toEqual([`/config/${key}: boolean schema is false {}`]);
    }
    const known = [
      "hcloud:endpoint",
      "pulumi:tags",
      "agent-fleet:acmeDnsToken",
      "agent-fleets:x",
      "acmeDnsToken",
    ];
    expect(known.flatMap(keysOf)).toEqual([]);
  });

  it("refuses a value of the wrong form with its path", () => {
    expect(errorsOf(stackFile({ ingress: { port: "https" } }))).toEqual([
      '/config/agent-fleet:fleet/ingress/port: must be integer {"type":"integer"}',
    ]);
  });

  it("refuses the former name of a setting", () => {
    expect(errorsOf(stackFile({ frontDoor: {} })).join()).toContain("frontDoor");
  });
});
