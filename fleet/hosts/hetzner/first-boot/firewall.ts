/**
 * What a server's own packet filter keeps from the agents' networks, and how much of the server anybody may take.
 *
 * Docker separates the networks from each other and, where they are internal, from the internet. It does not separate them
 * from their host, which answers each network at its bridge; nor an agent with open egress from the host's neighbours and
 * from the provider's metadata service, which hands a server's secrets to any process on it. And nothing of Docker's limits
 * connections: whoever fills connection tracking cuts everybody off, SSH included.
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

/** Open connections of an agent: to its host's services, or through the host where its egress is open. */
const OF_AN_AGENT = 1024;

/** Open connections of one client to the ingress, which has 4096 open files. An IPv6 client has a network of its own. */
const OF_A_CLIENT = 512;

export interface HostFirewall {
  /** The range that the agents' networks are cut from. */
  readonly subnets: string;
  /** The ports on its host that an agent may connect to: the host services'. */
  readonly servicePorts: readonly number[];
  /** Those of them that anybody may connect to. */
  readonly publicPorts: readonly number[];
}

/**
 * A table of its own, so that neither Docker's rules nor a distribution's are touched, and loading it again changes nothing.
 *
 * The first chain comes before connection tracking, so it knows no replies: of TCP, only what opens a connection is dropped.
 * What the other chains drop is not tracked either, but costs a look-up. A limit counts only what is tracked.
 */
export const renderHostFirewall = ({ subnets, servicePorts, publicPorts }: HostFirewall): string =>
  `table inet agent_fleet
delete table inet agent_fleet

table inet agent_fleet {
	set agents { type ipv4_addr; size 65535; flags dynamic; }
	set clients { type ipv4_addr; size 65535; flags dynamic; }
	set clients6 { type ipv6_addr; size 65535; flags dynamic; }
	chain prerouting {
		type filter hook prerouting priority raw; policy accept;
		ip saddr ${subnets} fib daddr type != unicast jump to_host
	}
	chain to_host {
		meta l4proto != tcp drop
		tcp dport != { ${servicePorts.join(", ")} } tcp flags & (fin | syn | rst | ack) == syn drop
	}
	chain input {
		type filter hook input priority filter - 10; policy accept;
		ip saddr ${subnets} jump from_agents
		iifname != "lo" tcp dport { ${publicPorts.join(", ")} } ct state new jump from_clients
	}
	chain from_agents {
		ct state established,related accept
		ct state new add @agents { ip saddr ct count over ${OF_AN_AGENT} } drop
		ip daddr != 127.0.0.0/8 tcp dport { ${servicePorts.join(", ")} } accept
		drop
	}
	chain from_clients {
		add @clients { ip saddr ct count over ${OF_A_CLIENT} } drop
		add @clients6 { ip6 saddr & ffff:ffff:ffff:ffff:: ct count over ${OF_A_CLIENT} } drop
	}
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		ip saddr ${subnets} ip daddr { ${NEIGHBOURS.join(", ")} } ct state new drop
		ip saddr ${subnets} ct state new add @agents { ip saddr ct count over ${OF_AN_AGENT} } drop
	}
}
`;
