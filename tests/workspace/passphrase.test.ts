import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { OperatorError } from "../../system/operator-error.ts";
import { passphraseEnvironment } from "../../workspace/passphrase.ts";
import { fileBackend, type Project } from "../../workspace/project.ts";
import { stackWith } from "../support/outputs.ts";

const log = (): void => {};
const FLEET = { domain: "a.example.com", hosts: {}, agents: {} };

const fileOf = (project: Project): string =>
  fileBackend(project).checkpointFile.replace(/\.json$/, ".passphrase");

function createState(project: Project): void {
  const { checkpointFile } = fileBackend(project);
  mkdirSync(dirname(checkpointFile), { recursive: true });
  writeFileSync(checkpointFile, "{}");
}

describe("the passphrase", () => {
  it("comes from the environment: the value before the file", () => {
    const project = stackWith(FLEET);
    const file = join(project.folder, "passphrase");
    writeFileSync(file, "x");
    expect(passphraseEnvironment(project, log, { PULUMI_CONFIG_PASSPHRASE_FILE: file })).toEqual({
      PULUMI_CONFIG_PASSPHRASE_FILE: file,
    });
    const both = { PULUMI_CONFIG_PASSPHRASE: "", PULUMI_CONFIG_PASSPHRASE_FILE: file };
    expect(passphraseEnvironment(project, log, both)).toEqual({ PULUMI_CONFIG_PASSPHRASE: "" });
  });

  it("is refused if its file does not exist", () => {
    const environment = { PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere/passphrase" };
    expect(() => passphraseEnvironment(stackWith(FLEET), log, environment)).toThrow(
      "PULUMI_CONFIG_PASSPHRASE_FILE is /nowhere/passphrase, which does not exist.",
    );
  });

  it("of a new local stack is generated, readable only by its owner, and used from then on", () => {
    const project = stackWith(FLEET, "local");
    const lines: string[] = [];
    const environment = passphraseEnvironment(project, (line) => lines.push(line), {});
    const file = fileOf(project);
    expect(environment).toEqual({ PULUMI_CONFIG_PASSPHRASE_FILE: file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const passphrase = readFileSync(file, "utf8");
    expect(passphrase.trim().length).toBeGreaterThanOrEqual(32);
    expect(lines.join()).toContain(file);
    expect(lines.join()).not.toContain(passphrase.trim());
    createState(project);
    passphraseEnvironment(project, log, {});
    expect(readFileSync(file, "utf8")).toBe(passphrase);
  });

  it("is not generated for a state whose passphrase is missing", () => {
    const project = stackWith(FLEET, "local");
    createState(project);
    expect(() => passphraseEnvironment(project, log, {})).toThrow(OperatorError);
    expect(existsSync(fileOf(project))).toBe(false);
  });

  it.each([
    ["another stack", stackWith(FLEET, "prod")],
    ["a backend that is not local", { ...stackWith(FLEET, "local"), backendUrl: "s3://bucket" }],
  ])("is not generated for %s", (_, project) => {
    expect(() => passphraseEnvironment(project, log, {})).toThrow(
      "needs its passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.",
    );
  });
});
