/** The gateway refuses to boot on any unknown key, so its own image is asked about every kind of configuration we render. */
import { beforeAll, describe, expect, it } from "vitest";
import { planFleet } from "../../fleet/plan/plan.ts";
import { EMPTY_REGISTRY } from "../../fleet/placement/slots.ts";
import { CATALOGUE } from "../../stacks/catalogue.ts";
import { fleet } from "../support/fleets.ts";
import { type Result, runCommand } from "../support/project.ts";
import { ensureTestImages } from "../support/stand-in.ts";

const AGENTS = {
  plain: {},
  another_model: { model: "openai/gpt-5" },
  tools: { tools: { allow: ["browser"], deny: ["exec", "group:web"] } },
  telegram: { channels: { telegram: { dmPolicy: "allowlist", allowFrom: ["12345"] } } },
  discord: { channels: { discord: {} } },
  slack: { channels: { slack: { dmPolicy: "disabled" } } },
  all_channels: { channels: { telegram: {}, discord: {}, slack: {} } },
  open: { egress: "open" },
};

const CREDENTIALS = [
  "TELEGRAM_BOT_TOKEN=12345:abcdefghijklmnopqrstuvwxyz0123456789",
  "DISCORD_BOT_TOKEN=discord",
  "SLACK_BOT_TOKEN=xoxb-1",
  "SLACK_APP_TOKEN=xapp-1",
].flatMap((variable) => ["--env", variable]);

const validate = (image: string, config: string): Promise<Result> =>
  runCommand("docker", [
    "run",
    "--rm",
    "--network=none",
    "--entrypoint=sh",
    ...CREDENTIALS,
    "--env",
    `CONFIG=${config}`,
    image,
    "-c",
    'printf %s "$CONFIG" > /home/node/.openclaw/openclaw.json && node dist/index.js config validate',
  ]);

const planOf = (agent: object, defaults = {}) => {
  const [plan] = planFleet(
    fleet({ agents: { alice: agent }, defaults }),
    EMPTY_REGISTRY,
    "test",
    CATALOGUE,
  ).agents;
  if (plan === undefined) throw new Error("no plan");
  return plan;
};

describe("openclaw.json", () => {
  beforeAll(ensureTestImages);

  it.each(Object.entries(AGENTS))(
    "of the agent %s is valid to the image's own validator",
    async (_name, agent) => {
      const { image, config } = planOf(agent);
      const { code, stdout, stderr } = await validate(image, config);
      expect(code, stdout + stderr).toBe(0);
    },
  );

  it("with tools that every agent is allowed or denied is valid too", async () => {
    const { image, config } = planOf({}, { tools: { allow: ["browser"], deny: ["cron"] } });
    const { code, stdout, stderr } = await validate(image, config);
    expect(code, stdout + stderr).toBe(0);
  });

  it("would be refused with a key that the gateway does not know", async () => {
    const { image, config } = planOf({});
    const { code } = await validate(image, JSON.stringify({ ...JSON.parse(config), unheard: true }));
    expect(code).not.toBe(0);
  });
});
