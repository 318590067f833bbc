/**
 * What a server's own packet filter keeps from the agents' networks.
 *
 * Docker separates the networks from each other and, where they are internal, from the internet. It does not separate them
 * from their host, which answers each network at its bridge; nor an agent with open egress from the host's neighbours and
 * from the provider's metadata service, which hands a server's secrets to any process on it.
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
  /** The range that the agents' networks are cut from. */
  readonly subnets: string;
  /** The ports on its host that an agent may connect to: the host services'. */
  readonly servicePorts: readonly number[];
}

/** A table of its own, so that neither Docker's rules nor a distribution's are touched, and loading it again changes nothing. */
export const renderHostFirewall = ({ subnets, servicePorts }: HostFirewall): string =>
  `table inet agent_fleet
delete table inet agent_fleet

table inet agent_fleet {
	chain input {
		type filter hook input priority filter - 10; policy accept;
		ip saddr ${subnets} jump from_agents
	}
	chain from_agents {
		ct state established,related accept
		ip daddr != 127.0.0.0/8 tcp dport { ${servicePorts.join(", ")} } accept
		drop
	}
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		ip saddr ${subnets} ip daddr { ${NEIGHBOURS.join(", ")} } ct state new drop
	}
}
`;
