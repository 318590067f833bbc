import { describe, expect, it } from "vitest";
import { chooseName } from "../../workspace/choose.ts";
import type { EngineName } from "../../workspace/engine.ts";
import type { Project } from "../../workspace/project.ts";

const project = (backendUrl: string): Project => ({
  folder: "/",
  name: "agent-fleet",
  stack: "test",
  stackFile: "/Pulumi.test.yaml",
  backendUrl,
});
const FILE = project("file://~");
const CLOUD = project("s3://bucket");

describe("the engine", () => {
  it.each<[string, Project, EngineName | undefined, boolean, EngineName, string]>([
    ["the CLI if it is on PATH", FILE, undefined, true, "pulumi", "found on PATH"],
    ["the embedded one otherwise", FILE, undefined, false, "embedded", "there is no pulumi on PATH"],
    ["the embedded one on request", FILE, "embedded", true, "embedded", "as requested"],
    ["the CLI for any backend", CLOUD, undefined, true, "pulumi", "found on PATH"],
  ])("is %s", (_, stack, requested, hasPulumi, name, reason) => {
    expect(chooseName(stack, requested, hasPulumi)).toEqual({ name, reason });
  });

  it.each<[string, Project, EngineName | undefined, boolean, string]>([
    ["the CLI is requested and missing", FILE, "pulumi", false, "leave out --engine pulumi."],
    ["the backend needs the CLI, which is missing", CLOUD, undefined, false, "there is no `pulumi` on PATH."],
    [
      "the backend needs the CLI, and the other is requested",
      CLOUD,
      "embedded",
      true,
      "leave out --engine embedded.",
    ],
  ])("is refused if %s", (_, stack, requested, hasPulumi, remedy) => {
    expect(() => chooseName(stack, requested, hasPulumi)).toThrow(remedy);
  });
});
