/** The protocol alone: to serve a program without deploying anything, for example to record what it registers. */
export type { Goal, Registered } from "../goal.ts";
export { type ProgramResult, type RunningProgram, startProgram } from "../program.ts";
export type { MonitorHandlers, ProgramInfo } from "./resource-monitor.ts";
export { type EngineServer, type ServeOptions, serve } from "./serve.ts";
