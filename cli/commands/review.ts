import { writeFileSync } from "node:fs";
import type { ReviewSources } from "../../operations/review-input.ts";
import { chooseEngine } from "../../workspace/choose.ts";
import { openProject } from "../../workspace/project.ts";
import { lazy } from "../lazy.ts";
import { engineCommand, type StackOptions } from "../stack-command.ts";
import { shown, terminal } from "../terminal.ts";

interface ReviewOptions extends StackOptions, ReviewSources {
  readonly output?: string;
}

export const review = engineCommand("review", "write what a pull request would change, as a comment on it")
  .option("--base <file>", "the base branch's stack file, to compare with if no state can be read")
  .option("--state <file>", "an export by `pulumi stack export` (default: the stack's own state)")
  .option("--output <file>", "the file for the comment (default: standard output)")
  .action(
    lazy(
      () => import("../../operations/review.ts"),
      async (operation, { stack, engine, output, ...sources }: ReviewOptions) => {
        // It may run where no host can be reached, and compares with the state alone.
        process.env["AGENT_FLEET_OFFLINE"] = "1";
        const { comment, succeeded } = await operation.review(openProject(stack), sources, {
          // The embedded engine unless requested otherwise: its preview connects to no host and needs no host's key.
          openEngine: (project) => chooseEngine(project, engine ?? "embedded", terminal),
          log: terminal.log,
        });
        if (output === undefined) terminal.print(comment.trimEnd());
        else writeFileSync(output, shown(comment));
        return succeeded;
      },
    ),
  );
