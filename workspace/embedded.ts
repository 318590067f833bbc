/** The embedded engine: the same files and the same state as the Pulumi CLI, without the CLI. */
import { destroy, preview, type RunResult, readOutputs, type Stack, up } from "pulumi-embedded-engine";
import { reveal } from "pulumi-embedded-engine/values";
import type { Terminal } from "../system/terminal.ts";
import type { StackEngine } from "./engine.ts";
import { interruptible } from "./interrupts.ts";
import { openNewStack, openStack } from "./open-stack.ts";
import { ProgressDisplay } from "./progress.ts";
import type { Project } from "./project.ts";

/** Docker's daemon gains little from more concurrent calls than this. */
const PARALLEL = 16;

export function embeddedEngine(project: Project, { log }: Pick<Terminal, "log">): StackEngine {
  // Opened once: deriving the key takes a tenth of a second, and `up` reads the outputs after the update.
  let opened: Promise<Stack> | undefined;
  const open = (): Promise<Stack> => {
    opened ??= openStack(project, log);
    return opened;
  };
  const run = async (operation: typeof up, newStack?: Stack): Promise<RunResult> => {
    const stack = newStack ?? (await open());
    const display = new ProgressDisplay(log);
    const onInterrupt = (): void =>
      log(
        "Interrupted: waiting for the operations in progress, then saving the state. A container that starts may take minutes; a second Ctrl-C ends at once, and the next run goes on from what it finds.",
      );
    try {
      return await interruptible({ onInterrupt }, (signal) =>
        operation(stack, { listen: display.listen, parallel: PARALLEL, signal }),
      );
    } finally {
      display.stop();
    }
  };
  return {
    name: "embedded",
    up: async () => (await run(up)).succeeded,
    async preview() {
      const { succeeded, changes } = await run(preview, openNewStack(project));
      const different = changes.filter(({ op }) => op !== "same");
      return { succeeded, changes: different, unchanged: changes.length - different.length };
    },
    destroy: async () => (await run(destroy)).succeeded,
    async outputs() {
      const outputs = reveal(await readOutputs(await open()));
      // Loaded here because a preview has to be quick, and this brings zod.
      const { parseOutputs } = await import("./outputs.ts");
      return parseOutputs(outputs);
    },
  };
}
