import { table } from "../../report/table.ts";
import type { Outputs } from "../../workspace/engine.ts";
import { lazy } from "../lazy.ts";
import { engineCommand, open, type StackOptions } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

export const renderOutputs = ({ fleet, tokens }: Outputs): string =>
  table([
    ["AGENT", "URL", "HOST", "", "LOOPBACK", "TOKEN"],
    ...Object.entries(fleet.agents).map(([name, agent]) => [
      name,
      agent.url,
      agent.host,
      agent.enabled ? "on" : "off",
      `127.0.0.1:${agent.loopbackPort}`,
      tokens[name] ?? "",
    ]),
  ]);

interface OutputsOptions extends StackOptions {
  readonly json: boolean;
  readonly showSecrets: boolean;
}

export const outputs = engineCommand("outputs", "show the fleet as other programs read it")
  .option("--json", "print JSON", false)
  .option("--show-secrets", "print the agents' tokens", false)
  .action(
    lazy(
      () => import("../../operations/outputs.ts"),
      async ({ readOutputs }, options: OutputsOptions) => {
        const { engine } = await open(options);
        const shown = await readOutputs(engine, options.showSecrets);
        terminal.print(options.json ? JSON.stringify(shown, null, 2) : renderOutputs(shown));
        return true;
      },
    ),
  );
