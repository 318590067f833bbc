import { writeFileSync } from "node:fs";
import { openProject } from "../../workspace/project.ts";
import { lazy } from "../lazy.ts";
import { type StackOptions, stackCommand } from "../stack-command.ts";
import { shown, terminal } from "../terminal.ts";

interface PlanOptions extends StackOptions {
  readonly json: boolean;
  readonly html?: string;
  readonly state?: string;
}

const load = async () => ({
  ...(await import("../../operations/plan.ts")),
  ...(await import("../../report/page.ts")),
  ...(await import("../../report/text.ts")),
});

export const plan = stackCommand("plan", "show hosts, agents, prices and what would change; needs no engine")
  .option("--json", "print JSON", false)
  .option("--html <file>", "write a page that shows the hosts with their agents")
  .option("--state <file>", "an export by `pulumi stack export` (default: the stack's own state)")
  .action(
    lazy(load, async ({ planStack, renderPlanPage, renderPlanText }, options: PlanOptions) => {
      const report = planStack(openProject(options.stack), options.state, terminal.log);
      if (options.html !== undefined) {
        writeFileSync(options.html, shown(renderPlanPage(report)));
        terminal.log(`Wrote the page to ${options.html}.`);
      }
      if (options.json) terminal.print(JSON.stringify(report, null, 2));
      else if (options.html === undefined) terminal.print(renderPlanText(report));
      return true;
    }),
  );
