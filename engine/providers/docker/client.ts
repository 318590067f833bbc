import { createRequire } from "node:module";
import type Docker from "dockerode";
import { tunnelAgent } from "../../../ssh/engine-request.ts";
import type { Properties } from "../../values.ts";

const require = createRequire(import.meta.url);
/** Read when it is first needed: it brings an SSH client with it, and a preview talks to no Docker engine. */
const load = (): typeof Docker => require("dockerode") as typeof Docker;

const clients = new Map<string, Docker>();

/** Where Docker answers, from the provider's configuration. */
export const addressOf = (provider: Properties): string =>
  String(provider["host"] ?? "unix:///var/run/docker.sock");

/** A list reaches a provider's configuration as JSON. */
const sshOptionsOf = ({ sshOpts }: Properties): string[] =>
  typeof sshOpts === "string" ? (JSON.parse(sshOpts) as string[]) : ((sshOpts as string[] | undefined) ?? []);

/** @param provider its configuration: `host`, and for an address of `ssh://` its `sshOpts`. */
export function clientOf(provider: Properties): Docker {
  const address = addressOf(provider);
  const known = clients.get(address);
  if (known !== undefined) return known;
  const url = new URL(address);
  const Client = load();
  const client =
    url.protocol === "unix:"
      ? new Client({ socketPath: url.pathname })
      : new Client({
          protocol: "http",
          host: url.hostname,
          ...(url.protocol === "ssh:"
            ? { agent: tunnelAgent(address, sshOptionsOf(provider)) }
            : { port: Number(url.port) }),
        });
  clients.set(address, client);
  return client;
}

const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number }).statusCode;

/** Runs a call whose object may be gone already, or whose work may be done already. */
export async function unless<T>(statuses: readonly number[], call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (statuses.includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
}

/** Not found. */
export const GONE = [404] as const;

/** Docker's labels from the provider's list of pairs. */
export const labelMap = (labels: Properties[string] | undefined): Record<string, string> =>
  Object.fromEntries(
    ((labels ?? []) as { label: string; value: string }[]).map(({ label, value }) => [label, value]),
  );

/** Whether an object that Docker has carries every label that ours would: otherwise it is somebody else's. */
export const isOurs = (labels: Record<string, string> | undefined, inputs: Properties): boolean => {
  const wanted = Object.entries(labelMap(inputs["labels"]));
  return wanted.length > 0 && wanted.every(([key, value]) => labels?.[key] === value);
};
