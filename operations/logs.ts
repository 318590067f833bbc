import { connect, followLogs } from "docker-connection";
import type { StackEngine } from "../workspace/engine.ts";
import type { Project } from "../workspace/project.ts";
import { openAgent, requireOutputs } from "./agent-access.ts";

/** Shorter secrets are not redacted: they would blank out common words. */
const SHORTEST_SECRET = 6;

/** Replaces what must not reach a screen: the agent's token, its secret variables, and the one-time token of any link. */
export function redactor(secrets: readonly string[]): (line: string) => string {
  // Longest first, so that nothing is left of a secret that contains another.
  const known = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .toSorted((a, b) => b.length - a.length);
  return (line) =>
    known
      .reduce((text, secret) => text.replaceAll(secret, "[redacted]"), line)
      .replace(/((?:bootstrapToken|token)=)[^&\s"]+/gi, "$1[redacted]")
      .replace(/(bearer\s+)[\w.~+/-]+=*/gi, "$1[redacted]");
}

const SECRET_NAME = /(?:TOKEN|KEY|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS?)$/;

/** The values of a container's environment variables whose names are those of secrets. */
export const secretsIn = (environment: readonly string[]): string[] =>
  environment.flatMap((line) => {
    const end = line.indexOf("=");
    return SECRET_NAME.test(line.slice(0, end)) ? [line.slice(end + 1)] : [];
  });

export interface LogOptions {
  readonly tail: number;
  readonly follow: boolean;
}

/** Passes an agent's log on, line by line, without its secrets. */
export async function showLogs(
  project: Project,
  engine: StackEngine,
  name: string,
  options: LogOptions,
  onLine: (line: string) => void,
): Promise<void> {
  const { token, withContainer } = openAgent(project, await requireOutputs(engine), name, connect);
  await withContainer(async (container) => {
    const { Config } = await container.inspect();
    const redact = redactor([token, ...secretsIn(Config.Env)]);
    await followLogs(container, options, (line) => onLine(redact(line)));
  });
}
