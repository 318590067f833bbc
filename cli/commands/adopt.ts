import type { Adopted, AdoptionResult } from "pulumi-embedded-engine";
import type { Adoption } from "../../operations/adopt.ts";
import { describeResource } from "../../workspace/progress.ts";
import { openProject } from "../../workspace/project.ts";
import { lazy } from "../lazy.ts";
import { confirmUnless } from "../prompts.ts";
import { type StackOptions, stackCommand } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

const differenceOf = ({ differing }: Adopted): string =>
  differing.length === 0 ? "as the stack file asks for" : `differs: ${differing.join(", ")}`;

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines];

/** Objects that exist and are left as they are. */
export function renderLeftOver(leftOver: Adoption["leftOver"], removals: readonly string[]): string[] {
  const volumes = leftOver.filter(({ kind }) => kind === "volume").map(({ object }) => object.name);
  return [
    ...section(
      "Not where the stack file has it, and left alone. To remove it, on its host:",
      removals.map((line) => `  ${line}`),
    ),
    ...(volumes.length === 0 ? [] : [`Data that stays as it is: volume ${volumes.join(", ")}`]),
  ];
}

/** What would be taken over, and what is not there. */
export const renderAdoption = (
  { adopted, missing }: AdoptionResult,
  { newTokens }: Pick<Adoption, "newTokens">,
): string[] => [
  ...section(
    "Taken over:",
    adopted.map((each) => describeResource(each, differenceOf(each))),
  ),
  ...section(
    "Not found; `up` creates it:",
    missing.map((each) => describeResource(each, "")),
  ),
  ...(newTokens.length === 0
    ? []
    : [`Without a container that has their token, and given a new one: ${newTokens.join(", ")}`]),
];

export const adopt = stackCommand(
  "adopt",
  "take over what hosts have of the fleet and its state does not know",
)
  .option("--yes", "do not ask for confirmation", false)
  .action(
    lazy(
      () => import("../../operations/adopt.ts"),
      async (operation, { stack, yes }: StackOptions & { readonly yes: boolean }) => {
        const project = openProject(stack);
        const { result, leftOver } = await operation.adopt(project, {
          log: terminal.log,
          async agree(found, what) {
            for (const line of renderAdoption(what, found)) terminal.print(line);
            await confirmUnless(yes)(`Write this into the state of stack ${project.stack}?`);
          },
        });
        if (result.errors.length > 0) {
          terminal.log("Nothing was taken over; see above.");
          return false;
        }
        terminal.print(
          result.isSaved
            ? "The state knows it now. Next: npm run preview"
            : "Nothing to adopt: the state knows what the hosts have of this fleet.",
        );
        for (const line of renderLeftOver(leftOver, operation.removalsOf(leftOver))) terminal.print(line);
        return true;
      },
    ),
  );
