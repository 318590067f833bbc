/** Whether a service still has the configuration that it was given. */
import { NOT_FOUND, readFile, unlessStatus } from "docker-connection";
import type Docker from "dockerode";
import { hostObject } from "../fleet/names.ts";
import { CONFIG_DIRECTORY, SERVICE_DIRECTORY, type ServiceDefinition } from "../fleet/services/service.ts";

/** The loader's container has exited, and still has the file that it handed over. Undefined where one of the two is missing. */
export async function hasGivenConfig(
  docker: Docker,
  stack: string,
  { name, configFile }: Pick<ServiceDefinition, "name" | "configFile">,
  abortSignal?: AbortSignal,
): Promise<boolean | undefined> {
  const fileOf = (object: string, folder: string): Promise<string | undefined> =>
    unlessStatus([NOT_FOUND], () =>
      readFile(docker.getContainer(hostObject(stack, object)), `${folder}/${configFile}`, abortSignal),
    );
  const [given, own] = await Promise.all([
    fileOf(`${name}-config`, CONFIG_DIRECTORY),
    fileOf(name, SERVICE_DIRECTORY),
  ]);
  return given === undefined || own === undefined ? undefined : given === own;
}
