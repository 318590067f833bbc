/** What a server is, as observed on it. */
import * as pulumi from "@pulumi/pulumi";
import type { HetznerServerPlan } from "../../fleet/hosts/hetzner/server.ts";
import type { ServerFacts } from "../../fleet/registry.ts";
import { HostError } from "../host-error.ts";
import { awaitReady } from "./readiness.ts";

interface Server {
  /** The server's id. */
  readonly server: string;
  readonly ip: string;
  readonly verificationKey: string;
}

/**
 * Asks the server; or, where nothing about it has changed since it was last asked, remembers: a run that changes no server
 * logs in to none.
 *
 * @throws HostError where it does not become ready in time
 */
export async function observeServer(
  name: string,
  plan: HetznerServerPlan,
  { server, ip, verificationKey }: Server,
): Promise<ServerFacts> {
  const { serverType, volumeGb, known } = plan;
  const isSame = known?.server === server;
  if (isSame && known.serverType === serverType && known.volumeGb === volumeGb) return known;
  if (pulumi.runtime.isDryRun()) {
    // Within an object the SDK accepts its marker for an unknown value; its type says only that it is one.
    const unknown = pulumi.unknown as unknown as string;
    const { hostKey, docker } = isSame ? known : { hostKey: unknown, docker: unknown };
    return { hostKey, docker, server, serverType, volumeGb };
  }
  const observed = await awaitReady({
    name,
    address: plan.sshAddress ?? ip,
    key: plan.key,
    // A server that was replaced has a new host key, which is verified again.
    identity: isSame ? { hostKey: known.hostKey } : { verificationKey },
    withinSeconds: plan.readySeconds,
    log: (text) => void pulumi.log.info(text),
  }).catch((error: Error) => {
    throw new HostError(error.message);
  });
  return { server, serverType, volumeGb, ...observed };
}
