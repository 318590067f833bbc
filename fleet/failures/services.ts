/** Ports, and the services' configuration, by the words of Docker, Caddy and Squid. */
import { type Failure, found } from "./failure.ts";

const portOf = (address: string): string => address.slice(address.lastIndexOf(":") + 1);

export const SERVICES: readonly Failure[] = [
  {
    pattern: /Bind for (\S+) failed: port is already allocated/,
    explain: (match) => ({
      message: `another container of its host has ${found(match)}`,
      remedy: `stop it, or choose another port. Which one: docker ps --filter publish=${portOf(found(match))}`,
    }),
  },
  {
    pattern: /listen tcp\d? (\S+): bind: address already in use|Cannot bind socket FD \d+ to (\S+): \(98\)/,
    explain: (match) => ({
      message: `another process of its host listens on ${found(match)}`,
      remedy: `stop it, or choose another port. Which one: ss --listening --tcp --processes 'sport = :${portOf(found(match))}'`,
    }),
  },
  {
    pattern: /FATAL: Unable to open HTTP Socket/,
    explain: () => ({
      message: "Squid cannot listen on its port",
      remedy:
        "stop the process that has it, or choose another `egressProxy.port`. All that listen: ss --listening --tcp --processes",
    }),
  },
  {
    pattern: /FATAL: Bungled \S+ line (\d+: [^\n]*)/,
    explain: (match) => ({
      message: `Squid does not accept its configuration, line ${found(match)}`,
      remedy: "undo the last change of `egressProxy` or of an agent's `egress`, and then: npm run up",
    }),
  },
];
