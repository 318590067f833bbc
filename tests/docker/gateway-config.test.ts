/** The gateway refuses to start with an unknown key, so its own image validates every kind of configuration we render. */
import { beforeAll, describe, expect, it } from "vitest";
import { START_COMMAND } from "../../openclaw/contract.ts";
import { agentPlan } from "../support/docker-plans.ts";
import { ensureTestImages } from "../support/gateway/stand-in.ts";
import { type Result, runCommand } from "../support/project/project.ts";

const AGENTS = {
  defaults: {},
  "another model": { model: "openai/gpt-5" },
  tools: { tools: { allow: ["browser"], deny: ["exec", "group:web"] } },
  telegram: { channels: { telegram: { dmPolicy: "allowlist", allowFrom: ["12345"] } } },
  discord: { channels: { discord: {} } },
  slack: { channels: { slack: { dmPolicy: "disabled" } } },
  "all channels": { channels: { telegram: {}, discord: {}, slack: {} } },
  "open egress": { egress: "open" },
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

describe("openclaw.json", () => {
  beforeAll(ensureTestImages);

  it.each(Object.entries(AGENTS))(
    "of an agent with %s is valid according to the image's own validator",
    async (_name, agent) => {
      const { image, config } = agentPlan(agent);
      const { code, stdout, stderr } = await validate(image, config);
      expect(code, stdout + stderr).toBe(0);
    },
  );

  it("of a fleet that allows and denies tools for every agent is valid too", async () => {
    const { image, config } = agentPlan({}, { defaults: { tools: { allow: ["browser"], deny: ["cron"] } } });
    const { code, stdout, stderr } = await validate(image, config);
    expect(code, stdout + stderr).toBe(0);
  });

  it("is refused with a key that the gateway does not know", async () => {
    const { image, config } = agentPlan({});
    const { code } = await validate(image, JSON.stringify({ ...JSON.parse(config), unknownKey: true }));
    expect(code).not.toBe(0);
  });
});

/** What the gateway's own audit says of a state directory that the start command has prepared, by the findings' names. */
async function audit(prepare: string): Promise<readonly string[]> {
  const { image, config, env } = agentPlan({});
  const start = START_COMMAND.replace(/exec node .*/, "node dist/index.js security audit --json");
  expect(start).not.toBe(START_COMMAND);
  const variables = Object.entries({
    ...env,
    OPENCLAW_CONFIG: config,
    OPENCLAW_GATEWAY_TOKEN: "0".repeat(32),
  });
  const { stdout, stderr } = await runCommand("docker", [
    "run",
    "--rm",
    "--network=none",
    "--user=1000:1000",
    "--entrypoint=sh",
    ...variables.flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    image,
    "-c",
    `${prepare} && ${start}`,
  ]);
  const { findings } = JSON.parse(stdout.slice(stdout.indexOf("{")) || stderr) as {
    findings: { checkId: string; severity: string }[];
  };
  return findings.filter(({ severity }) => severity !== "info").map(({ checkId }) => checkId);
}

describe("the gateway's own audit", () => {
  beforeAll(ensureTestImages);

  it("finds nothing, on a volume of an earlier version too, whose files everybody could read", async () => {
    const earlier =
      "chmod 755 ~/.openclaw && echo {} > ~/.openclaw/openclaw.json && chmod 644 ~/.openclaw/openclaw.json";
    expect(await audit(earlier)).toEqual([]);
  });
});
