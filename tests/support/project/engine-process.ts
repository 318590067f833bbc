/**
 * The embedded engine's operations in one process, for tests that run them by the hundred.
 *
 *     engine-process.ts STACK kill N     `up`, which kills its own process, as by `kill -9`, at step boundary N
 *     engine-process.ts STACK converge   `up`, then `preview`; prints both results and the agents' slots
 *     engine-process.ts STACK destroy
 */
import { destroy, preview, readOutputs, up } from "pulumi-embedded-engine";
import { openStack } from "../../../workspace/open-stack.ts";
import { openProject } from "../../../workspace/project.ts";

const [, , stackName = "", operation = "", boundary = ""] = process.argv;
const stack = await openStack(openProject(stackName), console.error);
const quietly = { parallel: 16, listen: () => {} };

if (operation === "kill") {
  let seen = 0;
  const onRecord = (): void => {
    if (++seen === Number(boundary)) process.kill(process.pid, "SIGKILL");
  };
  const { succeeded, errors } = await up(stack, { ...quietly, onRecord });
  console.log(JSON.stringify({ succeeded, errors }));
} else if (operation === "converge") {
  const { errors } = await up(stack, quietly);
  const { changes } = await preview(stack, quietly);
  const { fleet } = (await readOutputs(stack)) as { fleet: { agents: Record<string, { slot: number }> } };
  console.log(
    JSON.stringify({
      errors,
      changes: changes.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`),
      slots: Object.fromEntries(Object.entries(fleet.agents).map(([name, { slot }]) => [name, slot])),
    }),
  );
} else {
  const { errors } = await destroy(stack, quietly);
  console.log(JSON.stringify({ errors }));
}
