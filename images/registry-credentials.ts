/** The credentials that `docker login` stored on this machine. A pull over Docker's API has to send them along. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import spawn from "nano-spawn";
import { z } from "zod";

const DOCKER_HUB = "https://index.docker.io/v1/";

const configSchema = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});

type DockerConfig = z.infer<typeof configSchema>;

const storedSchema = z.object({ Username: z.string(), Secret: z.string() });

/** What a credential helper gives as the name of a user who logged in with a token. */
const TOKEN_USER = "<token>";

/** The registry of an image, under the name by which `docker login` stores it. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : DOCKER_HUB;
}

function readConfig(env: Readonly<NodeJS.ProcessEnv>): DockerConfig {
  const folder = env["DOCKER_CONFIG"] || join(homedir(), ".docker");
  try {
    return configSchema.parse(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));
  } catch {
    return configSchema.parse({});
  }
}

async function fromHelper(helper: string, serveraddress: string): Promise<Docker.AuthConfig | undefined> {
  try {
    const { stdout } = await spawn(`docker-credential-${helper}`, ["get"], {
      stdin: { string: serveraddress },
    });
    const { Username: username, Secret: secret } = storedSchema.parse(JSON.parse(stdout));
    return username === TOKEN_USER
      ? { identitytoken: secret, serveraddress }
      : { username, password: secret, serveraddress };
  } catch {
    // As the docker command does: an image may be public.
    return undefined;
  }
}

function fromConfig({ auths }: DockerConfig, serveraddress: string): Docker.AuthConfig | undefined {
  const entry = auths[serveraddress];
  if (entry?.identitytoken !== undefined) return { identitytoken: entry.identitytoken, serveraddress };
  if (entry?.auth === undefined) return undefined;
  const [username = "", ...password] = Buffer.from(entry.auth, "base64").toString("utf8").split(":");
  return { username, password: password.join(":"), serveraddress };
}

/** Undefined if none are stored: the image may be public. */
export async function credentialsFor(
  image: string,
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): Promise<Docker.AuthConfig | undefined> {
  const registry = registryOf(image);
  const config = readConfig(env);
  const helper = config.credHelpers[registry] ?? config.credsStore;
  return (helper && (await fromHelper(helper, registry))) || fromConfig(config, registry);
}
