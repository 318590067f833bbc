import { openAgent, requireOutputs } from "../../operations/agent-access.ts";
import { follow } from "../../operations/docker-streams.ts";
import type { StackEngine, Terminal } from "../../workspace/engine.ts";
import type { Project } from "../../workspace/project.ts";

/** What must not reach a screen: the agent's token and its secret variables, and any link's one-time token. */
export function redactor(secrets: readonly string[]): (line: string) => string {
  // Longest first, so that a secret which is part of another leaves no rest; very short ones would blank out common words.
  const known = secrets.filter((secret) => secret.length >= 6).toSorted((a, b) => b.length - a.length);
  return (line) =>
    known
      .reduce((text, secret) => text.replaceAll(secret, "[redacted]"), line)
      .replace(/((?:bootstrapToken|token)=)[^&\s"]+/gi, "$1[redacted]")
      .replace(/(bearer\s+)[\w.~+/-]+=*/gi, "$1[redacted]");
}

/** Values of environment variables in the container that only secrets could have put there. */
const SECRET_NAME = /(?:TOKEN|KEY|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS?)$/;

export async function logsCommand(
  project: Project,
  engine: StackEngine,
  name: string,
  options: { readonly tail: number; readonly follow: boolean },
  { print }: Terminal,
): Promise<boolean> {
  const { token, docker, container } = openAgent(project, await requireOutputs(engine), name);
  const { Config } = await container.inspect();
  const secrets = Config.Env.map((line) => [
    line.slice(0, line.indexOf("=")),
    line.slice(line.indexOf("=") + 1),
  ])
    .filter(([key]) => SECRET_NAME.test(key ?? ""))
    .map(([, value]) => value ?? "");
  const redact = redactor([token, ...secrets]);
  await follow(docker, container, options, (line) => print(redact(line)));
  return true;
}
