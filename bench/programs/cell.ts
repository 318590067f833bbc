/** The cell that every contender creates: the fleet's container profile around a process that does nothing. */
import { subnetOf } from "../../fleet/docker/subnet.ts";
import { LABELS } from "../../fleet/names.ts";

/** A shell's image that every machine with a fleet has. */
export const IMAGE = "caddy:2.11.4";
export const MEMORY_MB = 64;
export const PIDS = 64;
export const TMPFS = { "/tmp": "mode=1777" };
export const DOCKER = "unix:///var/run/docker.sock";

/** Apart from the fleet's own default, so that a benchmark can run next to a fleet. */
const POOL = "10.99.0.0/16";

export interface Cell {
  readonly name: string;
  readonly subnet: string;
  readonly bridge: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

export const cellOf = (stack: string, index: number): Cell => {
  const { subnet, bridge, agent } = subnetOf(POOL, index);
  return {
    name: `${stack}.${index}`,
    subnet,
    bridge,
    address: agent,
    labels: { [LABELS.stack]: stack, [LABELS.agent]: String(index) },
  };
};

export const cellsOf = (stack: string, count: number): Cell[] =>
  Array.from({ length: count }, (_, index) => cellOf(stack, index));
