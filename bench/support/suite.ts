import type { Row } from "./row.ts";

export interface Settings {
  readonly repetitions: number;
  /** Smaller for a quick look. */
  readonly cells: number;
  readonly gateways: number;
  readonly log: (line: string) => void;
}

export interface Suite {
  readonly name: string;
  readonly about: string;
  /** The stacks that it makes, so that an interrupted run's can be removed. */
  readonly stacks: readonly string[];
  run(settings: Settings): Promise<readonly Row[]>;
}
