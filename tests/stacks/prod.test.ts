/** The stack that operators begin with: everything it registers, with no credentials and no host. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runCommand } from "../support/project/project.ts";
import { record, summary } from "../support/project/registrations.ts";

const ROOT = join(import.meta.dirname, "../..");
const FILE = join(ROOT, "Pulumi.prod.yaml");

describe("Pulumi.prod.yaml", () => {
  it("registers exactly what the golden file says", async () => {
    const { config } = parse(readFileSync(FILE, "utf8")) as { config: Record<string, unknown> };
    const { goals, outputs, messages } = await record(config["agent-fleet:fleet"]);
    expect(messages).toEqual([]);
    const text = JSON.stringify({ registrations: goals.map(summary), outputs }, null, 2);
    await expect(`${text}\n`).toMatchFileSnapshot("prod.golden.json");
  });

  it("can be previewed with no credentials at all, and leaves nothing behind", async () => {
    const home = mkdtempSync(join(tmpdir(), "agent-fleet-home-"));
    const { PULUMI_CONFIG_PASSPHRASE: _, PULUMI_BACKEND_URL: __, ...env } = process.env;
    const args = [join(ROOT, "cli/main.ts"), "preview", "--stack", "prod", "--engine", "embedded", "--json"];
    const { code, stdout, stderr } = await runCommand(process.execPath, args, {
      env: { ...env, HOME: home },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("Stack prod") });
    const { summary: counts } = JSON.parse(stdout) as { summary: Record<string, number> };
    expect(counts).toMatchObject({ create: expect.any(Number), update: 0, replace: 0, delete: 0 });
    expect(counts["create"]).toBeGreaterThan(30);
    expect(readdirSync(home)).toEqual([]);
    rmSync(home, { recursive: true });
  });
});
