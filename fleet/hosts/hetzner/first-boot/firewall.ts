/**
 * What a host's own packet filter keeps from the agents' subnets.
 *
 * Docker keeps subnets apart from each other and, where they are internal, from the world. It does not keep them from their
 * host, who answers each room at its bridge; nor an agent with open egress from the host's neighbours and the provider's
 * metadata, which tells a server's secrets to whoever asks from it.
 */

/** Neighbours: private, shared, link-local and multicast ranges. The metadata address is one of the third. */
const NEIGHBOURS = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
];

export interface HostFirewall {
  /** The range that the subnets are cut from. */
  readonly subnets: string;
  /** What a room may ask its host for: the two doors. */
  readonly doorPorts: readonly number[];
}

/** A table of its own, so that neither Docker's rules nor a distribution's are touched, and loading it again changes nothing. */
export const renderHostFirewall = ({ subnets, doorPorts }: HostFirewall): string =>
  `table inet agent_fleet
delete table inet agent_fleet

table inet agent_fleet {
	chain input {
		type filter hook input priority filter - 10; policy accept;
		ip saddr ${subnets} jump from_room
	}
	chain from_room {
		ct state established,related accept
		ip daddr != 127.0.0.0/8 tcp dport { ${doorPorts.join(", ")} } accept
		drop
	}
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		ip saddr ${subnets} ip daddr { ${NEIGHBOURS.join(", ")} } ct state new drop
	}
}
`;
