/** The Pulumi CLI, with the same files and the same state as the embedded engine. */
import type { EngineEvent, LocalWorkspace, OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Stack as State } from "pulumi-embedded-engine";
import { OperatorError } from "../system/operator-error.ts";
import type { Log, Terminal } from "../system/terminal.ts";
import type { Outputs, PreviewResult, StackEngine } from "./engine.ts";
import { FailureNotes } from "./failed-step.ts";
import { interruptible } from "./interrupts.ts";
import { LineSplitter } from "./line-splitter.ts";
import { openStack } from "./open-stack.ts";
import { parseOutputs } from "./outputs.ts";
import { createState, finishInterruptedRun } from "./prepare-state.ts";
import { fileBackend, hasFileBackend, type Project } from "./project.ts";
import { changesOf, type Step, textOf } from "./pulumi-events.ts";
import {
  loadAutomation,
  openFileStack,
  openRemoteStack,
  openWorkspace,
  withConfigFile,
} from "./pulumi-workspace.ts";

/**
 * One host that does not respond must not keep the others from converging. And the Docker provider opens an SSH connection
 * for each call: more concurrent ones than this exceed what an sshd accepts by default.
 */
const UPDATE_OPTIONS = {
  continueOnError: true,
  parallel: 8,
  showSecrets: false,
  suppressProgress: true,
} as const;

interface RunOptions {
  readonly configFile: string;
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
  readonly onEvent: (event: EngineEvent) => void;
  readonly signal: AbortSignal;
}

/** The CLI's own error lines alone: the rest of its output may hold secrets that it was asked for. */
function reasonOf(error: Error): string {
  const lines = error.message.split("\n").map((line) => line.replace(/^.*?(?=error: )/, ""));
  const reasons = new Set(lines.filter((line) => line.startsWith("error: ")));
  return [...reasons].join("\n") || "error: the CLI gave no reason";
}

/** Runs a command of the CLI and shows its output. @returns the result, or undefined if the command failed */
async function runShown<T>(
  project: Project,
  log: Log,
  run: (options: RunOptions) => Promise<T>,
): Promise<T | undefined> {
  const { CommandError } = await loadAutomation();
  let hasPrinted = false;
  const show = (line: string): void => {
    hasPrinted = true;
    log(line);
  };
  const [output, errors] = [new LineSplitter(show), new LineSplitter(show)];
  const notes = new FailureNotes();
  const onEvent = ({ diagnosticEvent }: EngineEvent): void => {
    if (diagnosticEvent !== undefined) notes.add(diagnosticEvent);
  };
  const interrupts = {
    onInterrupt: () => log("Interrupted: the CLI finishes the operations in progress and saves the state."),
    // A terminal sends Ctrl-C to the CLI as well, and a second one would make it give up its operations.
    mustAbort: (signal: NodeJS.Signals) => signal !== "SIGINT" || !process.stdin.isTTY,
  };
  const command = withConfigFile(project, (configFile) =>
    interruptible(interrupts, (signal) =>
      run({ configFile, signal, onOutput: output.write, onError: errors.write, onEvent }),
    ),
  ).finally(() => {
    output.end();
    errors.end();
    for (const line of notes.lines) show(line);
  });
  try {
    return await command;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (!hasPrinted) log(reasonOf(error));
    return undefined;
  }
}

async function preview(project: Project, stack: Stack, log: Log): Promise<PreviewResult> {
  const { CommandError } = await loadAutomation();
  const steps: Step[] = [];
  const notes = new FailureNotes();
  let unchanged = 0;
  let hasExplained = false;
  const onEvent = ({ resourcePreEvent, summaryEvent, diagnosticEvent }: EngineEvent): void => {
    if (resourcePreEvent !== undefined) steps.push(resourcePreEvent.metadata);
    if (summaryEvent !== undefined) unchanged = summaryEvent.resourceChanges.same ?? 0;
    if (diagnosticEvent?.severity === "error" || diagnosticEvent?.severity === "warning") {
      hasExplained ||= diagnosticEvent.severity === "error";
      log(textOf(diagnosticEvent));
      notes.add(diagnosticEvent);
    }
  };
  const finish = (succeeded: boolean): PreviewResult => {
    for (const line of notes.lines) log(line);
    return { succeeded, unchanged, changes: changesOf(steps) };
  };
  try {
    await withConfigFile(project, (configFile) => stack.preview({ configFile, onEvent }));
    return finish(true);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (!hasExplained) log(reasonOf(error));
    return finish(false);
  }
}

const plain = (outputs: OutputMap): Outputs | undefined =>
  parseOutputs(Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value])));

async function readOutputs({ stack }: Project, workspace: LocalWorkspace): Promise<Outputs | undefined> {
  const { CommandError, StackNotFoundError } = await loadAutomation();
  try {
    return plain(await workspace.stackOutputs(stack));
  } catch (error) {
    if (error instanceof StackNotFoundError) return undefined;
    if (!(error instanceof CommandError)) throw error;
    throw new OperatorError(`The outputs of stack ${stack} cannot be read. ${reasonOf(error)}`);
  }
}

const MISSING_PLUGIN = /(?:install|no) resource plugin|failed to load plugin/i;

/** Adds the other way out where the CLI has not got a provider's plugin: without a connection it names one that needs it. */
function withPluginHint(log: Log): Log {
  let isGiven = false;
  return (line) => {
    log(line);
    if (isGiven || !MISSING_PLUGIN.test(line)) return;
    isGiven = true;
    log(
      "The Pulumi CLI has no such plugin and cannot download it. Install it, or pass --engine embedded, which needs none.",
    );
  };
}

export function pulumiEngine(project: Project, { log: print }: Pick<Terminal, "log">): StackEngine {
  const log = withPluginHint(print);
  let workspace: Promise<LocalWorkspace> | undefined;
  const open = (): Promise<LocalWorkspace> => {
    workspace ??= openWorkspace(project, log);
    return workspace;
  };
  // Opened once: deriving the key takes a tenth of a second.
  let state: Promise<State> | undefined;
  const openState = (): Promise<State> => {
    state ??= openStack(project, log);
    return state;
  };
  const openCliStack = async (): Promise<Stack> => {
    if (!hasFileBackend(project)) return openRemoteStack(project, await open());
    if (!fileBackend(project).exists()) await createState(await openState());
    return openFileStack(project, await open());
  };
  const openForUpdate = async (): Promise<Stack> => {
    const stack = await openCliStack();
    if (hasFileBackend(project)) await finishInterruptedRun(await openState(), log);
    return stack;
  };
  /** From the last update, which reads them anyway. */
  let latest: OutputMap | undefined;

  return {
    name: "pulumi",
    async up() {
      const stack = await openForUpdate();
      const result = await runShown(project, log, (options) => stack.up({ ...UPDATE_OPTIONS, ...options }));
      latest = result?.outputs;
      return result !== undefined;
    },
    async destroy() {
      const stack = await openForUpdate();
      latest = undefined;
      const result = await runShown(project, log, (options) =>
        stack.destroy({ ...UPDATE_OPTIONS, ...options }),
      );
      return result !== undefined;
    },
    preview: async () => preview(project, await openCliStack(), log),
    async outputs() {
      if (latest !== undefined) return plain(latest);
      if (hasFileBackend(project) && !fileBackend(project).exists()) return undefined;
      return readOutputs(project, await open());
    },
  };
}
