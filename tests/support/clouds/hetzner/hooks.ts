/** Where a test puts something real behind what the cloud pretends. */

type Done = unknown;

/** What a hook receives of a server, in the API's words. */
export interface ServerView {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly public_net: { readonly ipv4: { readonly ip: string } | null };
  readonly private_net: readonly { readonly ip: string }[];
  readonly volumes: readonly number[];
}

export interface VolumeView {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly linux_device: string;
}

/** The action that a callback belongs to ends when the callback's promise does, and fails when it does. */
export interface Hooks {
  /** A machine is made; it starts at once unless `server.status` is `off`. */
  onServerCreated?(server: ServerView, userData: string, sshPublicKeys: readonly string[]): Done;
  /** Before its volumes and addresses are free. */
  onServerDeleted?(server: ServerView): Done;
  /** After its creation: it goes off or on. */
  onServerPower?(server: ServerView, on: boolean): Done;
  onVolumeAttached?(volume: VolumeView, server: ServerView): Done;
  /** Also for those of a server that is deleted, after `onServerDeleted`. */
  onVolumeDetached?(volume: VolumeView, server: ServerView): Done;
}
