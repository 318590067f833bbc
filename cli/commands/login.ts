import { z } from "zod";
import { openAgent, requireOutputs } from "../../operations/agent-access.ts";
import { execute } from "../../operations/docker-streams.ts";
import type { StackEngine, Terminal } from "../../workspace/engine.ts";
import type { Project } from "../../workspace/project.ts";

/** A second OpenClaw in the agent's memory: where there is too little of it, the kernel is to take this one, not the gateway. */
const DASHBOARD = [
  "sh",
  "-c",
  "echo 1000 > /proc/self/oom_score_adj; exec node --max-semi-space-size=2 dist/index.js dashboard --json",
];

const answerSchema = z.object({ browserUrl: z.string() });

/** The gateway's own link, from inside its container, as it is seen from outside. */
export function publicLink(browserUrl: string, publicUrl: string): string {
  const inside = new URL(browserUrl);
  const outside = new URL(publicUrl);
  const parameters = new URLSearchParams(inside.hash.slice(1));
  parameters.set("gatewayUrl", `wss://${outside.host}`);
  return `${outside.origin}${inside.pathname}${inside.search}#${parameters}`;
}

/** Prints a link that pairs the browser it is opened in. It works once, for ten minutes. */
export async function loginCommand(
  project: Project,
  engine: StackEngine,
  name: string,
  { print, log }: Terminal,
): Promise<boolean> {
  const { agent, docker, container } = openAgent(project, await requireOutputs(engine), name);
  const output = await execute(docker, container, DASHBOARD);
  const { browserUrl } = answerSchema.parse(JSON.parse(output.slice(output.indexOf("{"))));
  log("This link pairs one browser and is valid for ten minutes. Whoever has it is the agent's operator.");
  print(publicLink(browserUrl, agent.url));
  return true;
}
