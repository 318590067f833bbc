/** The port through which operations use a Pulumi engine: the Pulumi CLI, or the embedded engine. */
import type { Change } from "pulumi-embedded-engine";
import type { FleetOutput, TokensOutput } from "../reader/schema.ts";

export interface Outputs {
  readonly fleet: FleetOutput;
  readonly tokens: TokensOutput;
}

export interface PreviewResult {
  readonly succeeded: boolean;
  /** Without unchanged resources. */
  readonly changes: readonly Change[];
  readonly unchanged: number;
}

export interface StackEngine {
  readonly name: EngineName;
  /** Logs progress; returns true if everything converged. */
  up(): Promise<boolean>;
  preview(): Promise<PreviewResult>;
  destroy(): Promise<boolean>;
  /** Undefined if the stack has no fleet yet. */
  outputs(): Promise<Outputs | undefined>;
}

export const ENGINES = ["embedded", "pulumi"] as const;
export type EngineName = (typeof ENGINES)[number];
