import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCommand } from "../support/project/project.ts";

const ROOT = join(import.meta.dirname, "../..");

describe("the stack files", () => {
  // The Pulumi CLI writes the salt of the user's passphrase. Committed, it would refuse everyone else's.
  it.each(readdirSync(ROOT).filter((name) => /^Pulumi\..+\.yaml$/.test(name)))(
    "%s has no encryption salt in the repository",
    async (name) => {
      const { code, stdout } = await runCommand("git", ["show", `HEAD:${name}`], { cwd: ROOT });
      const committed = code === 0 ? stdout : readFileSync(join(ROOT, name), "utf8");
      expect(committed).not.toContain("encryptionsalt");
    },
  );
});
