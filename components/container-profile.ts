/** What every container of the fleet has in common, and the traps of the Docker provider that are handled here once. */
import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { Repairs } from "../fleet/docker/drift.ts";
import { LABELS } from "../fleet/names.ts";
import { type ObjectKind, objectKey } from "../fleet/registry.ts";
import { compare } from "../fleet/text.ts";

/** Docker's labels as the provider takes them, in a stable order. */
export const labelList = (labels: Readonly<Record<string, string>>): { label: string; value: string }[] =>
  Object.entries(labels)
    .toSorted(([a], [b]) => compare(a, b))
    .map(([label, value]) => ({ label, value }));

/** The label of an object that has been made again, which replaces it when it has to be made again once more. */
export function repairLabel(repairs: Repairs, kind: ObjectKind, logical: string): Record<string, string> {
  const count = repairs.get(objectKey(kind, logical));
  return count === undefined ? {} : { [LABELS.repairs]: String(count) };
}

/** Settings that the provider reports as updated without calling the daemon. */
export interface UndiffedSettings {
  readonly healthcheck?: docker.types.input.ContainerHealthcheck;
  readonly init?: boolean;
  readonly tmpfs?: Readonly<Record<string, string>>;
  /** Not an input of the provider at all: set by the process limit's hook, which runs when a container is created. */
  readonly pids?: number;
}

/** A label that changes with the undiffed settings, because a changed label does replace a container. */
export const configHashLabel = (settings: UndiffedSettings): Record<string, string> => ({
  [LABELS.profile]: createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 12),
});

/** The floor under every container: no capabilities, no way to gain any, a read-only root, logs of a limited size. */
export const HARDENED = {
  capabilities: { drops: ["ALL"] },
  init: true,
  logDriver: "json-file",
  logOpts: { "max-file": "3", "max-size": "10m" },
  readOnly: true,
  restart: "unless-stopped",
  securityOpts: ["no-new-privileges"],
} satisfies Partial<docker.ContainerArgs>;

/** A hard memory limit, MiB. Left out, swap would be twice the memory, and the provider would report a change for ever. */
export const memoryLimit = (memoryMb: number): { memory: number; memorySwap: number } => ({
  memory: memoryMb,
  memorySwap: memoryMb,
});

/**
 * A limit on CPUs in the spelling that the provider reads back: `1.0`, `0.25`, and `10.` for ten. In any other the container
 * would be replaced at every run. Correct for quarters, which is what a class may ask for.
 */
export function cpuLimit(cpus: number): string {
  const digits = cpus.toFixed(9);
  return digits.replaceAll(/[^0]/g, "").length === 9 ? cpus.toFixed(1) : digits.replace(/0+$/, "");
}

/**
 * How a container is replaced. Its name is fixed and a gateway's state allows one process, so the old one is deleted first;
 * and one whose creation failed half-way is created again, where the provider would report it healed without a call.
 */
export const DELETED_BEFORE_REPLACED = {
  deleteBeforeReplace: true,
  replaceOnChanges: ["#initerror"],
} satisfies pulumi.CustomResourceOptions;

/** What ties a container, a network or a volume to its machine. */
export type LifecycleBinding = Pick<pulumi.CustomResourceOptions, "replaceWith" | "deletedWith">;

/**
 * A server that is replaced comes back empty, while everything on it would look unchanged; and what is on a server that is
 * deleted goes with it, where deleting it piece by piece would call a machine that no longer exists.
 */
export const boundTo = (server: pulumi.Resource | undefined): LifecycleBinding =>
  server === undefined ? {} : { replaceWith: [server], deletedWith: server };
