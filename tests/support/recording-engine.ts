/** An engine that only records what a program registers. */
import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "pulumi-embedded-engine/values";
import { type Goal, type ProgramInfo, serve } from "pulumi-embedded-engine/wire";

export interface Recorded {
  /** By URN. */
  readonly goals: readonly Goal[];
  /** The stack's. */
  readonly outputs: Properties;
  readonly messages: readonly string[];
}

export interface RecordingOptions {
  readonly dryRun?: boolean;
  /** Full keys to values; a value that is not a string is JSON. */
  readonly config?: Readonly<Record<string, string>>;
  readonly secretKeys?: readonly string[];
  /** What the state contains, by URN. */
  readonly state?: Properties;
  /** What creating a resource puts out, in addition to its inputs. */
  readonly created?: (goal: Goal) => Properties;
}

export interface RecordingEngine {
  readonly info: ProgramInfo;
  readonly address: string;
  /** Ends the recording. */
  finish(): Recorded;
}

export async function startRecording({
  dryRun = true,
  config = {},
  secretKeys = [],
  state = {},
  created = () => ({}),
}: RecordingOptions): Promise<RecordingEngine> {
  const goals: Goal[] = [];
  const messages: string[] = [];
  let outputs: Properties = {};
  const info = {
    project: "agent-fleet",
    stack: "test",
    organization: "organization",
    dryRun,
    parallel: 16,
    config,
    secretKeys,
  };
  const server = await serve(info, {
    listen: (event) => {
      if (event.kind === "message" && event.severity !== "debug") messages.push(event.text);
    },
    register: async (goal) => {
      goals.push(goal);
      // A number, because that is what Hetzner's ids are.
      const id = dryRun || !goal.custom ? "" : String(goals.length);
      return { result: "success", id, outputs: { ...goal.inputs, ...created(goal) } };
    },
    registerOutputs: (urn, values) => {
      if (urn.includes("pulumi:pulumi:Stack")) outputs = values;
    },
    invoke: async () => ({ outputs: state }),
  });
  return {
    info,
    address: server.address,
    finish: () => {
      server.close();
      return { goals: goals.toSorted((a, b) => (a.urn < b.urn ? -1 : 1)), outputs, messages };
    },
  };
}

/**
 * What components register that are created in this process, one call at a time: Pulumi's SDK has one engine for all of it.
 * The stack itself is left out.
 */
export async function registrationsOf(
  create: () => void,
  options: RecordingOptions = {},
): Promise<readonly Goal[]> {
  const engine = await startRecording(options);
  const { project, stack, parallel, dryRun, organization } = engine.info;
  pulumi.runtime.resetOptions(project, stack, parallel, engine.address, engine.address, dryRun, organization);
  try {
    await pulumi.runtime.runInPulumiStack(async () => create());
    await pulumi.runtime.disconnect();
  } finally {
    pulumi.runtime.disconnectSync();
  }
  return engine.finish().goals.filter(({ type }) => type !== "pulumi:pulumi:Stack");
}
