export { type AdoptOptions, type AdoptResult, adopt, type KnownResource, type Observed } from "./adopt.ts";
export type { Adopted, AdoptionResult } from "./adoption.ts";
export type { Change, Event, Listener, Operation } from "./events.ts";
export { destroy, preview, type RunResult, readOutputs, up } from "./run.ts";
export type { RunOptions, Stack } from "./stack.ts";
