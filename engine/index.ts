export type { Change, Event, Listener, Operation } from "./events.ts";
export { destroy, preview, type RunResult, readOutputs, up } from "./run.ts";
export type { RunOptions, Stack } from "./stack.ts";
