import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  boundTo,
  configHashLabel,
  cpuLimit,
  DELETED_BEFORE_REPLACED,
  HARDENED,
  labelList,
  memoryLimit,
} from "../../components/container-profile.ts";
import { LABELS } from "../../fleet/names.ts";
import { registrationsOf } from "../support/project/recording-engine.ts";
import { goalOf } from "../support/project/registrations.ts";

describe("the profile of every container", () => {
  it("drops all capabilities, allows no new privileges, and has a read-only root and logs of a limited size", () => {
    expect(HARDENED).toEqual({
      capabilities: { drops: ["ALL"] },
      init: true,
      logDriver: "json-file",
      logOpts: { "max-file": "3", "max-size": "10m" },
      readOnly: true,
      restart: "unless-stopped",
      securityOpts: ["no-new-privileges"],
    });
  });

  it("limits memory and swap together, so that there is no swap", () => {
    expect(memoryLimit(512)).toEqual({ memory: 512, memorySwap: 512 });
  });

  it("replaces a container by deleting it first, and recreates one whose creation failed", () => {
    expect(DELETED_BEFORE_REPLACED).toEqual({ deleteBeforeReplace: true, replaceOnChanges: ["#initerror"] });
  });

  it.each([
    [0.25, "0.25"],
    [0.5, "0.5"],
    [1, "1.0"],
    [1.75, "1.75"],
    [2, "2.0"],
    [10, "10."],
    [12.5, "12.5"],
    [20, "20."],
  ])("spells %d CPUs as the provider reads them back: %s", (cpus, text) => {
    expect(cpuLimit(cpus)).toBe(text);
  });

  it("lists labels in the same order, however they were given", () => {
    const expected = [
      { label: "a", value: "1" },
      { label: "b", value: "2" },
    ];
    expect(labelList({ a: "1", b: "2" })).toEqual(expected);
    expect(labelList({ b: "2", a: "1" })).toEqual(expected);
  });

  it("has a label that changes with each setting whose change the provider does not apply", () => {
    const settings = {
      init: true,
      tmpfs: { "/tmp": "" },
      healthcheck: { tests: ["CMD", "true"] },
      pids: 512,
    };
    const hash = (changes: object): string | undefined =>
      configHashLabel({ ...settings, ...changes })[LABELS.profile];
    const hashes = [
      {},
      { init: false },
      { tmpfs: { "/run": "" } },
      { healthcheck: { tests: ["CMD", "false"] } },
      { pids: 513 },
    ].map(hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hash({})).toBe(hashes[0]);
    expect(hashes[0]).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe("what is on a server that this program creates", () => {
  class Machine extends pulumi.CustomResource {
    constructor(name: string, opts?: pulumi.CustomResourceOptions) {
      super("test:index:Machine", name, {}, opts);
    }
  }

  it("is replaced and deleted with the server", async () => {
    const goals = await registrationsOf(() => {
      new Machine("inside", boundTo(new Machine("server")));
    });
    const { urn } = goalOf(goals, "test:index:Machine", "server");
    expect(goalOf(goals, "test:index:Machine", "inside")).toMatchObject({
      replaceWith: [urn],
      deletedWith: urn,
    });
  });

  it("is bound to nothing where the server is the operator's own", () => {
    expect(boundTo(undefined)).toEqual({});
  });
});
