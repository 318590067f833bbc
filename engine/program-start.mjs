// Loaded into the program's process before Pulumi's runner.
import { createRequire } from "node:module";

// When the engine is gone, even by `kill -9`, no request is answered any more, and the program would retry for ever.
process.on("disconnect", () => process.exit(1));
process.channel?.unref();

// The runner maps every stack trace to the SDK's own TypeScript sources, and the SDK takes four traces per property of each
// resource for a diagnosis that is rarely enabled: a third of a preview's time. The program's own positions are right without
// the mapping, because Node replaces types by blanks. The runner's later attempt to install its formatter does not replace this
// one, because source-map-support installs it only once.
const require = createRequire(import.meta.url);
createRequire(require.resolve("@pulumi/pulumi/cmd/run"))("source-map-support").install();
const isLeakTrace = ([frame]) =>
  frame?.getFunctionName() === "debuggablePromise" && !process.env.PULUMI_DEBUG_PROMISE_LEAKS;
Error.prepareStackTrace = (error, frames) =>
  isLeakTrace(frames) ? "" : [error, ...frames].join("\n    at ");
