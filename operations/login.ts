import { connect, execute } from "docker-connection";
import { z } from "zod";
import { LOGIN_COMMAND } from "../openclaw/contract.ts";
import type { StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { openAgent, requireOutputs } from "./agent-access.ts";

const answerSchema = z.object({ browserUrl: z.string() });

/** The gateway's own link, which is valid inside its container, as it is valid outside. */
export function publicLink(browserUrl: string, publicUrl: string): string {
  const inside = new URL(browserUrl);
  const outside = new URL(publicUrl);
  const parameters = new URLSearchParams(inside.hash.slice(1));
  parameters.set("gatewayUrl", `wss://${outside.host}`);
  return `${outside.origin}${inside.pathname}${inside.search}#${parameters}`;
}

/** A link that pairs the browser in which it is opened. It works once, within ten minutes. */
export async function createLoginLink(project: Project, engine: StackEngine, name: string): Promise<string> {
  const { agent, withContainer } = openAgent(project, await requireOutputs(engine), name, connect);
  const output = await withContainer((container) => execute(container, LOGIN_COMMAND));
  const { browserUrl } = answerSchema.parse(JSON.parse(output.slice(output.indexOf("{"))));
  return publicLink(browserUrl, agent.url);
}
