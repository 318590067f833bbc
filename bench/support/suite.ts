import type { Row } from "./row.ts";

export interface Settings {
  readonly repetitions: number;
  /** How many cells, agents or hundreds; smaller for a quick look. */
  readonly cells: number;
  readonly gateways: number;
  readonly log: (line: string) => void;
}

export interface Suite {
  readonly name: string;
  readonly about: string;
  run(settings: Settings): Promise<readonly Row[]>;
}
