// Loaded into the program's process before Pulumi's runner.
import { createRequire } from "node:module";

// When the engine is gone, even by `kill -9`, nobody answers any more, and the program would try to reach it for ever.
process.on("disconnect", () => process.exit(1));
process.channel?.unref();

// The runner has every stack trace translated to the SDK's own TypeScript sources, and the SDK takes four traces for each
// property of each resource, for a diagnosis that hardly anybody asks for: a third of a preview's time. The program's own
// positions are right without it, because Node only blanks the types out. The runner's later attempt to set its formatter
// leaves this one alone, because source-map-support sets it once only.
const require = createRequire(import.meta.url);
createRequire(require.resolve("@pulumi/pulumi/cmd/run"))("source-map-support").install();
const isLeakTrace = ([frame]) =>
  frame?.getFunctionName() === "debuggablePromise" && !process.env.PULUMI_DEBUG_PROMISE_LEAKS;
Error.prepareStackTrace = (error, frames) =>
  isLeakTrace(frames) ? "" : [error, ...frames].join("\n    at ");
