/** An engine that only records what a program registers. */
import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "pulumi-embedded-engine/values";
import { type Goal, type ProgramInfo, serve } from "pulumi-embedded-engine/wire";

export interface Created {
  readonly goal: Goal;
  /** Empty for a component, and in a preview. */
  readonly id: string;
  readonly outputs: Properties;
}

export interface Recorded {
  /** In the order of registration. */
  readonly created: readonly Created[];
  /** By URN. */
  readonly goals: readonly Goal[];
  /** The stack's. */
  readonly outputs: Properties;
  readonly messages: readonly string[];
}

export interface RecordingOptions {
  /** Default: `test`. */
  readonly stack?: string;
  readonly dryRun?: boolean;
  /** By full key; a value that is not a string is JSON. */
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
  stack = "test",
  dryRun = true,
  config = {},
  secretKeys = [],
  state = {},
  created = () => ({}),
}: RecordingOptions): Promise<RecordingEngine> {
  const resources: Created[] = [];
  const messages: string[] = [];
  let outputs: Properties = {};
  const info = {
    project: "agent-fleet",
    stack,
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
      // A number, because that is what Hetzner's ids are.
      const id = dryRun || !goal.custom ? "" : String(resources.length + 1);
      const outputs = { ...goal.inputs, ...created(goal) };
      resources.push({ goal, id, outputs });
      return { result: "success", id, outputs };
    },
    registerOutputs: (urn, values) => {
      if (urn.includes("pulumi:pulumi:Stack")) outputs = values;
      const component = resources.find(({ goal }) => goal.urn === urn);
      if (component !== undefined) Object.assign(component.outputs, values);
    },
    invoke: async () => ({ outputs: state }),
  });
  return {
    info,
    address: server.address,
    finish: () => {
      server.close();
      const goals = resources.map(({ goal }) => goal).toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
      return { created: resources, goals, outputs, messages };
    },
  };
}

/**
 * What components register that are created in this process, one call at a time: Pulumi's SDK has one engine for all of it.
 * The stack itself is left out.
 *
 * @throws what creating them throws
 */
export async function registrationsOf(
  create: () => void,
  options: RecordingOptions = {},
): Promise<readonly Goal[]> {
  const engine = await startRecording(options);
  const { project, stack, parallel, dryRun, organization } = engine.info;
  pulumi.runtime.resetOptions(project, stack, parallel, engine.address, engine.address, dryRun, organization);
  // An error inside the stack would be reported by the SDK a second time, as an unhandled rejection.
  const failures: unknown[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    try {
      create();
    } catch (error) {
      failures.push(error);
    }
  });
  await pulumi.runtime.disconnect();
  if (failures.length > 0) throw failures[0];
  return engine.finish().goals.filter(({ type }) => type !== "pulumi:pulumi:Stack");
}
