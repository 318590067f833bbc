import { connect, DEFAULT_ADDRESS } from "docker-connection";
import type Docker from "dockerode";
import type { Properties, Value } from "../../values.ts";
import { textIn } from "./inputs.ts";

/** Where Docker answers. */
export const addressOf = ({ host }: Properties): string => textIn(host) ?? DEFAULT_ADDRESS;

/** A list is passed to a provider's configuration as JSON. */
function sshOptionsOf({ sshOpts }: Properties): string[] {
  const options: Value | undefined = typeof sshOpts === "string" ? JSON.parse(sshOpts) : sshOpts;
  return Array.isArray(options) ? options.map(String) : [];
}

/** @param configuration of the Docker provider: `host`, with `ssh://` its `sshOpts`, and with TLS its `certPath` */
export const dockerFor = (configuration: Properties): Docker =>
  connect({
    address: addressOf(configuration),
    sshOptions: sshOptionsOf(configuration),
    certificates: textIn(configuration["certPath"]),
  });
