/** The listening sockets of a host, and their conflicts with the ports of its services. */
import type { Problem } from "../config/problem.ts";
import type { ServicePort } from "../services/service.ts";
import type { HeldPort, Listener } from "./inventory.ts";
import type { DockerHostPlan } from "./types.ts";

const EVERY_ADDRESS = "0.0.0.0";
const LISTENING = "0A";

/** The kernel writes an IPv4 address as a number of the machine's byte order, little-endian on everything that Docker runs on. */
const toHex = (address: string): string =>
  address
    .split(".")
    .toReversed()
    .map((octet) => Number(octet).toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();

function fromHex(hex: string): string {
  if (/^0+$/.test(hex)) return EVERY_ADDRESS;
  // Of IPv6 addresses only those that are IPv4 in disguise are told apart.
  const mapped = /^0{16}(?:0000FFFF|FFFF0000)([0-9A-F]{8})$/.exec(hex)?.[1];
  const ipv4 = hex.length === 8 ? hex : mapped;
  if (ipv4 === undefined) return "::";
  return (ipv4.match(/../g) ?? [])
    .toReversed()
    .map((octet) => Number.parseInt(octet, 16))
    .join(".");
}

/** @param table the content of `/proc/net/tcp` or `/proc/net/tcp6` */
export const parseListeners = (table: string): Listener[] =>
  table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [address = "", port = ""] = (fields[1] ?? "").split(":");
      return fields[3] === LISTENING
        ? [{ address: fromHex(address), port: Number.parseInt(port, 16), inode: fields[9] ?? "" }]
        : [];
    });

const isEvery = (address: string): boolean => address === EVERY_ADDRESS || address === "::";

const sharesAddress = (addresses: readonly string[], listener: string): boolean =>
  isEvery(listener) || addresses.some((address) => isEvery(address) || address === listener);

/**
 * Lines of `EXTENDED REGULAR EXPRESSION, TAB, PORT (SETTING)`: what a service looks for in the kernel's tables before it
 * starts. Two Caddy processes would share a port without an error, and clients would reach either of them.
 */
export const portGuard = (ports: readonly ServicePort[]): string =>
  ports
    .map(({ port, setting, addresses }) => {
      const own = addresses.filter((address) => !address.includes(":")).map(toHex);
      const address = addresses.some(isEvery) ? "[0-9A-F]+" : ["0+", ...own].join("|");
      const number = port.toString(16).toUpperCase().padStart(4, "0");
      return `: (${address}):${number} 0+:0000 ${LISTENING}\t${port} (${setting})\n`;
    })
    .join("");

/**
 * Ports that a host's services need and that something else listens on.
 *
 * @param containers all on the host
 * @param own ids of this fleet's
 */
export function portConflicts(
  { name: host, services }: Pick<DockerHostPlan, "name" | "services">,
  held: readonly HeldPort[],
  containers: readonly { readonly id: string; readonly name: string }[],
  own: ReadonlySet<string>,
): Problem[] {
  const foreign = held.filter(({ container }) => container === undefined || !own.has(container));
  return services.flatMap(({ ports }) =>
    ports.flatMap(({ setting, port, addresses }) => {
      const taken = foreign.find((each) => each.port === port && sharesAddress(addresses, each.address));
      if (taken === undefined) return [];
      const { address, holder = "another process" } = taken;
      const container = containers.find(({ id }) => id === taken.container)?.name;
      return [
        {
          path: setting,
          value: port,
          message: `${holder}${container === undefined ? "" : ` in container ${container}`} listens on ${address}:${port} of host ${host} already`,
          remedy: "end it, or choose another port",
        },
      ];
    }),
  );
}
