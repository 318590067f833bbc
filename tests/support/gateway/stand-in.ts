/** An image that replaces the real gateway's, for tests that start and stop agents by the dozen. */
import { join } from "node:path";
import { ensureImages } from "../../../images/ensure.ts";
import { imagesOf } from "../../../operations/prepare-hosts.ts";
import { parseFleet } from "../parse-fleet.ts";
import { runCommand } from "../project/project.ts";

export const STAND_IN = "agent-fleet/stand-in:1";

/** The images that the defaults name, and the stand-in on top of the gateway's. */
export async function ensureTestImages(): Promise<void> {
  const fleet = parseFleet({ domain: "test.example", hosts: { local: { kind: "docker" } }, agents: {} });
  await ensureImages(imagesOf(fleet), { log: (line) => console.warn(line) });
  const context = join(import.meta.dirname, "stand-in");
  const args = [
    "build",
    "--quiet",
    "--tag",
    STAND_IN,
    "--build-arg",
    `GATEWAY=${fleet.settings.image}`,
    context,
  ];
  const { code, stderr } = await runCommand("docker", args);
  if (code !== 0) throw new Error(`The stand-in could not be built: ${stderr}`);
}
