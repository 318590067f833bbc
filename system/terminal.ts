/** Where a command's words go. */
export interface Terminal {
  /** The result that the operator asked for. */
  print(line: string): void;
  /** Progress, warnings and everything else. */
  log(line: string): void;
}

export type Log = Terminal["log"];
