import { forStack } from "../../fleet/commands.ts";
import { describeFailure } from "../../fleet/failures/explain.ts";
import type { ServiceState } from "../../operations/service-states.ts";
import type { UpResult } from "../../operations/up.ts";
import { table } from "../../report/table.ts";
import { lazy } from "../lazy.ts";
import { confirmChange, engineCommand, open, type StackOptions } from "../stack-command.ts";
import { terminal } from "../terminal.ts";
import { renderPreview } from "./preview.ts";

const HEADER = ["AGENT", "URL", "STATE", "MEMORY"];
/** Beyond this many agents, only those that are not well are listed. */
const MOST_ROWS = 20;

/** The agents with their states, and what to do next. */
export function renderFleet(stack: string, { outputs, states, notStarted }: UpResult): string {
  const rows = Object.entries(outputs.fleet.agents).map(([name, agent]) => [
    name,
    agent.url,
    states[name] ?? "",
    `${agent.memoryMb} MiB`,
  ]);
  const isLong = rows.length > MOST_ROWS;
  const shown = isLong ? rows.filter(([name = ""]) => notStarted.includes(name)) : rows;
  const count = `${rows.length - shown.length} of ${rows.length} agents have started or are switched off: npm run status -- --all`;
  const lines = [
    ...(rows.length === 0 ? ["The fleet has no agents."] : []),
    ...(shown.length === 0 ? [] : [table([HEADER, ...shown])]),
    ...(isLong ? [count] : []),
    "",
    `Open one in a browser:  npm run login -- AGENT`,
    `Its token:              npm run outputs -- --json --show-secrets`,
    `Its log:                npm run logs -- AGENT`,
    `Trust the certificates: npm run --silent ca > ca.pem`,
  ];
  return forStack(lines.join("\n"), stack);
}

/** A service that does not work, and what to do about it where its last words are known. */
export const describeBroken = ({ host, service, state, reason }: ServiceState): string =>
  state === "missing"
    ? `The ${service} of ${host} is missing`
    : `The ${service} of ${host} fails: ${describeFailure(reason).replaceAll("\n", "\n  ")}`;

export const up = engineCommand("up", "deploy the fleet, or update it to match the stack file")
  .option("--yes", "do not ask for confirmation", false)
  .action(
    lazy(
      () => import("../../operations/up.ts"),
      async (operation, options: StackOptions & { readonly yes: boolean }) => {
        const { project, engine } = await open(options);
        await confirmChange(project, options.yes, "Change", async () =>
          terminal.print(renderPreview(await engine.preview())),
        );
        const result = await operation.up(project, engine, terminal.log);
        if (result === undefined) return false;
        terminal.print(`\n${renderFleet(project.stack, result)}`);
        for (const service of result.brokenServices) terminal.log(describeBroken(service));
        if (!result.isUpdated) {
          terminal.print("\nNot everything converged; see above. The next `npm run up` continues from here.");
        }
        return result.hasConverged;
      },
    ),
  );
