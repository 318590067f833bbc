import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOGIN } from "../../support/fleets.ts";
import { createProject, type TestProject } from "../../support/project/project.ts";

const FLEET = {
  domain: "agents.example.com",
  hosts: { eu: { kind: "hetzner", ...LOGIN, families: ["cx"], locations: ["fsn1"] } },
  defaults: { class: "light" },
  agents: { alice: { usage: { messagesPerDay: 1000 } }, bob: { class: "heavy" } },
};

/** What `pulumi stack export` says of a stack that has alice, and zoe on a server of her own. */
const EXPORT = {
  version: 3,
  deployment: {
    resources: [
      { urn: "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s", type: "pulumi:pulumi:Stack" },
      {
        urn: "urn:pulumi:s::p::x$pulumi:index:Stash::alice-slot",
        type: "pulumi:index:Stash",
        outputs: { output: { host: "eu-7", slot: 3 } },
      },
      {
        urn: "urn:pulumi:s::p::x$pulumi:index:Stash::zoe-slot",
        type: "pulumi:index:Stash",
        outputs: { output: { host: "eu-7", slot: 0 } },
      },
      {
        urn: "urn:pulumi:s::p::x$hcloud:index/server:Server::eu-7",
        type: "hcloud:index/server:Server",
        outputs: { serverType: "cx33", location: "fsn1", name: "eu-7" },
      },
    ],
  },
};

describe("npm run plan", () => {
  let project: TestProject;
  const plan = async (...args: string[]) => {
    const result = await project.run("plan", ...args);
    if (result.code !== 0) throw new Error(result.stderr);
    return result;
  };

  beforeAll(() => {
    project = createProject("plan-cli");
    project.configure(FLEET);
    writeFileSync(join(project.folder, "state.json"), JSON.stringify(EXPORT));
  });
  afterAll(() => project.remove());

  it("shows where agents are placed, what they cost and what would change, without an engine or a passphrase", async () => {
    const { stdout } = await plan();
    expect(stdout).toContain("eu-1 (new)  cx23 in fsn1  2 of 100");
    expect(stdout).toContain("bob    eu-1  heavy (4096 MiB)  https://bob.agents.example.com");
    expect(stdout).toMatch(/1 host, 2 agents\. 6\.56 EUR a month without VAT/);
    expect(stdout).toContain("Models: an estimated 50 to 150 USD a month for 1 agent with a usage entry.");
    expect(stdout).toContain(
      "adds host eu-1 (cx23 in fsn1, +6.56 a month): no other host has capacity for bob, alice",
    );
  });

  it("prints JSON for other programs", async () => {
    const { hosts, agents, cost, changes } = JSON.parse((await plan("--json")).stdout) as Record<
      string,
      Record<string, object>
    >;
    expect(hosts).toMatchObject({
      "eu-1": {
        serverType: "cx23",
        memoryMb: 4096,
        cpus: 2,
        diskGb: 10,
        monthlyCost: expect.closeTo(6.562),
        agents: ["alice", "bob"],
      },
    });
    expect(agents).toMatchObject({
      alice: {
        host: "eu-1",
        slot: 0,
        class: "light",
        memoryMb: 1792,
        url: "https://alice.agents.example.com",
      },
    });
    expect(cost).toMatchObject({
      currency: "EUR",
      monthly: 6.56,
      models: { isEstimate: true, low: 50, high: 150 },
    });
    expect(changes).toMatchObject([
      { kind: "add-host", name: "eu-1" },
      { kind: "add-agent" },
      { kind: "add-agent" },
    ]);
  });

  it("plans from an exported state", async () => {
    const { changes } = JSON.parse(
      (await plan("--json", "--state", join(project.folder, "state.json"))).stdout,
    ) as {
      changes: { text: string }[];
    };
    expect(changes.map(({ text }) => text)).toEqual([
      "adds bob on eu-7",
      "removes zoe from eu-7; its data stays",
      // The state has its slot alone.
      "starts alice",
    ]);
  });

  it("writes a page", async () => {
    const file = join(project.folder, "plan.html");
    await plan("--html", file);
    expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>[\s\S]*eu-1[\s\S]*alice/i);
  });

  it("says what is wrong with a state that it cannot read", async () => {
    const file = join(project.folder, "broken.json");
    writeFileSync(file, "{}");
    const { code, stderr } = await project.run("plan", "--state", file);
    expect(code).toBe(1);
    expect(stderr).toContain(`pulumi stack export --file ${file}`);
  });
});
