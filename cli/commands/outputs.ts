import { table } from "../../report/table.ts";
import { requireOutputs } from "../../operations/agent-access.ts";
import type { StackEngine, Terminal } from "../../workspace/engine.ts";

export interface OutputsOptions {
  readonly json: boolean;
  readonly showSecrets: boolean;
}

const CONCEALED = "[secret]";

export async function outputsCommand(
  engine: StackEngine,
  { json, showSecrets }: OutputsOptions,
  { print }: Terminal,
): Promise<boolean> {
  const { fleet, tokens } = await requireOutputs(engine);
  const shown = Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => [name, showSecrets ? token : CONCEALED]),
  );
  if (json) {
    print(JSON.stringify({ fleet, tokens: shown }, null, 2));
    return true;
  }
  const rows = Object.entries(fleet.agents).map(([name, agent]) => [
    name,
    agent.url,
    agent.host,
    agent.enabled ? "on" : "off",
    `127.0.0.1:${agent.loopbackPort}`,
    shown[name] ?? "",
  ]);
  print(table([["AGENT", "URL", "HOST", "", "LOOPBACK", "TOKEN"], ...rows]));
  return true;
}
