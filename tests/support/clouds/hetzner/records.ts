/** What there is in the project, as the stand-in keeps it; what the API shows of it is made from this. */

export type Labels = Readonly<Record<string, string>>;

export interface Named {
  readonly id: number;
  name: string;
  labels: Labels;
  readonly created: string;
}

export interface PrivateNet {
  readonly network: number;
  readonly ip: string;
  alias_ips: string[];
  readonly mac_address: string;
}

export interface Server extends Named {
  status: "initializing" | "starting" | "running" | "stopping" | "off" | "migrating" | "deleting";
  serverType: string;
  readonly location: string;
  readonly image: number;
  readonly userData: string;
  readonly sshKeys: readonly string[];
  protection: { delete: boolean; rebuild: boolean };
  diskGb: number;
  placementGroup: number | null;
  backups: boolean;
  privateNet: PrivateNet[];
}

export interface Volume extends Named {
  size: number;
  readonly location: string;
  readonly format: string | null;
  server: number | null;
  status: "creating" | "available";
  protection: { delete: boolean };
}

export interface PrimaryIp extends Named {
  readonly type: "ipv4" | "ipv6";
  /** `203.0.113.5`, or a network: `2001:db8:1::/64`. */
  readonly ip: string;
  readonly location: string;
  autoDelete: boolean;
  assignee: number | null;
  protection: { delete: boolean };
  dnsPtr: { ip: string; dns_ptr: string }[];
}

export interface Subnet {
  readonly type: string;
  readonly ip_range: string;
  readonly network_zone: string;
  readonly gateway: string;
}

export interface Network extends Named {
  readonly ipRange: string;
  readonly subnets: Subnet[];
  readonly routes: { destination: string; gateway: string }[];
  protection: { delete: boolean };
  exposeRoutes: boolean;
}

export interface Rule {
  readonly direction: "in" | "out";
  readonly protocol: string;
  readonly port: string | null;
  readonly source_ips: readonly string[];
  readonly destination_ips: readonly string[];
  readonly description: string | null;
}

export interface Firewall extends Named {
  rules: readonly Rule[];
  readonly servers: Set<number>;
  /** Selectors of labels; who has them is under this wall, now and later. */
  readonly selectors: Set<string>;
}

export interface PlacementGroup extends Named {
  readonly type: string;
}

export interface SshKey extends Named {
  readonly publicKey: string;
  readonly fingerprint: string;
}
