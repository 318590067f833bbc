/** An existing container, with the result that its creation had. */
import { NOT_FOUND, readFile, readLogs, unlessStatus } from "docker-connection";
import type Docker from "dockerode";
import type { Properties, Value } from "../../values.ts";
import type { FoundResource, Sought } from "../resource-provider.ts";
import { dockerFor } from "./connection.ts";
import { differingInputs, type ImageConfig } from "./container-inputs.ts";
import { uploadsOf } from "./container-options.ts";
import { outputsOf } from "./container-outputs.ts";
import { hasIdentity } from "./labels.ts";

/** The files that it was created with, read from the container itself; undefined if they are those that are asked for. */
async function differingUploads(target: Docker.Container, inputs: Properties): Promise<Value | undefined> {
  const wanted = uploadsOf(inputs);
  const actual = await Promise.all(
    wanted.map(async ({ file }) => ({
      file,
      content: await unlessStatus([NOT_FOUND], () => readFile(target, file)),
    })),
  );
  if (actual.every(({ content }, index) => content === wanted[index]?.content)) return undefined;
  return actual.flatMap(({ file, content }) => (content === undefined ? [] : [{ file, content }]));
}

/** An image that was removed from under its container is taken to set nothing. */
async function imageOf(docker: Docker, id: string): Promise<ImageConfig> {
  const image = await unlessStatus([NOT_FOUND], () => docker.getImage(id).inspect());
  // Its type leaves out what images built without a Docker daemon lack.
  return (image?.Config as ImageConfig | undefined) ?? {};
}

/** A creation that was interrupted: the container never started, so it is unknown how far its creation got. */
const NEVER_STARTED = "it was created but never started";

export async function findContainer(
  sought: Sought,
  configuration: Properties,
): Promise<FoundResource | undefined> {
  const { inputs } = sought;
  const docker = dockerFor(configuration);
  const target = docker.getContainer(String(inputs["name"]));
  const found = await unlessStatus([NOT_FOUND], () => target.inspect());
  if (found === undefined || !hasIdentity(found.Config.Labels, sought)) return undefined;
  const uploads = await differingUploads(target, inputs);
  const differing = {
    ...differingInputs(inputs, found, await imageOf(docker, found.Image)),
    ...(uploads === undefined ? {} : { uploads }),
  };
  const outputs = outputsOf({ ...inputs, ...differing }, found);
  const hasLogs = inputs["attach"] === true && inputs["logs"] === true;
  return {
    id: found.Id,
    outputs: hasLogs ? { ...outputs, containerLogs: await readLogs(target) } : outputs,
    differing,
    ...(found.State.Status === "created" ? { initErrors: [NEVER_STARTED] } : {}),
  };
}
