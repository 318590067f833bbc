/** Runs `up` with the embedded engine and kills its own process, as by `kill -9`, at the step boundary of that number. */
import { openStack } from "../../cli/embedded-engine.ts";
import { openProject } from "../../cli/project.ts";
import { up } from "../../engine/run.ts";

const [, , stack = "", boundary = ""] = process.argv;
let seen = 0;
const result = await up(await openStack(openProject(stack), console.error), {
  parallel: 16,
  listen: () => {},
  onRecord: () => {
    if (++seen === Number(boundary)) process.kill(process.pid, "SIGKILL");
  },
});
console.log(JSON.stringify({ boundaries: seen, succeeded: result.succeeded, errors: result.errors }));
