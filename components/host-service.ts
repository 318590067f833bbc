/**
 * A door: a long-lived container on the host's network, and a one-shot loader that hands it a new configuration.
 *
 * The loader is what changes when a tenant comes or goes. The door itself is never restarted for it, so no connection
 * through it is cut, and everything goes over Docker's API: a host that is far away needs nothing else.
 */
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DoorPlan } from "../fleet/plan/plan.ts";
import { HARDENED, labelList, memoryLimit, profileLabel, REPLACED_WHOLE } from "./container-profile.ts";

export interface DoorKind {
  /** The door's configuration file in the volume that it shares with its loader. */
  readonly file: string;
  readonly user: string;
  readonly capabilities: { drops: string[]; adds?: string[] };
  readonly memoryMb: number;
  readonly tmpfs: Record<string, string>;
  readonly networkMode: "host" | "bridge";
  readonly environment: readonly string[];
  /** Starts the door. It may assume that the file exists. */
  readonly run: string;
  readonly loader: {
    readonly capabilities: { drops: string[]; adds?: string[] };
    /** Sees and signals the door's processes. */
    readonly sharesProcesses: boolean;
    /** Puts `/config/FILE` into force and into `/doors/FILE`; what it prints on failure is shown to the operator. */
    readonly load: string;
  };
}

/** Caddy keeps its certificates in the volume, so they outlive the container. */
export const INGRESS: DoorKind = {
  file: "caddy.json",
  user: "root",
  capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
  memoryMb: 512,
  tmpfs: { "/tmp": "mode=1777", "/config": "" },
  networkMode: "host",
  environment: ["XDG_CONFIG_HOME=/config", "XDG_DATA_HOME=/doors/data"],
  run: "exec caddy run --config /doors/caddy.json",
  loader: {
    capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
    sharesProcesses: false,
    load: [
      "[ -e /doors/caddy.json ] || cp /config/caddy.json /doors/caddy.json",
      "tries=0",
      "until message=$(caddy reload --config /config/caddy.json --address unix//doors/admin.sock 2>&1); do",
      '  tries=$((tries + 1)); [ $tries -lt 50 ] || { echo "$message"; exit 1; }',
      "  sleep 0.2",
      "done",
      "cp /config/caddy.json /doors/next && mv /doors/next /doors/caddy.json",
    ].join("\n"),
  },
};

export const EGRESS_PROXY: DoorKind = {
  file: "squid.conf",
  user: "proxy",
  capabilities: { drops: ["ALL"] },
  memoryMb: 256,
  tmpfs: {
    "/tmp": "mode=1777",
    "/run": "mode=1777",
    "/var/spool/squid": "mode=1777",
    "/var/log/squid": "mode=1777",
  },
  networkMode: "host",
  environment: [],
  run: "exec squid -N -f /doors/squid.conf",
  loader: {
    capabilities: { drops: ["ALL"], adds: ["CAP_KILL"] },
    sharesProcesses: true,
    load: [
      // A configuration that Squid cannot read would end the running door.
      "message=$(squid -k parse -f /config/squid.conf 2>&1) || { echo \"$message\" | grep -E 'FATAL|ERROR|Bungled'; exit 1; }",
      "cp /config/squid.conf /doors/next && mv /doors/next /doors/squid.conf",
      "kill -HUP 1",
    ].join("\n"),
  },
};

/**
 * Containerboot looks after the file itself. Tailscale's own network stack needs no capability and no device; but it leads
 * whatever it does not serve to 127.0.0.1, so that has to be another one than the host's.
 */
export const TAILNET: DoorKind = {
  file: "serve.json",
  user: "root",
  capabilities: { drops: ["ALL"] },
  memoryMb: 256,
  tmpfs: { "/tmp": "mode=1777", "/var/run": "" },
  networkMode: "bridge",
  environment: [
    "TS_AUTH_ONCE=true",
    "TS_SERVE_CONFIG=/doors/serve.json",
    "TS_SOCKET=/tmp/tailscaled.sock",
    "TS_STATE_DIR=/doors/state",
    "TS_USERSPACE=true",
  ],
  run: "exec containerboot",
  loader: {
    capabilities: { drops: ["ALL"] },
    sharesProcesses: false,
    load: "cp /config/serve.json /doors/next && mv /doors/next /doors/serve.json",
  },
};

/** The door waits for its first file. It must not take the loader's signal to Squid for the end of that wait. */
const waitFor = (file: string, run: string): string =>
  `trap '' HUP\nuntil [ -e /doors/${file} ]; do sleep 0.1; done\n${run}`;

/**
 * @param retry changes when the last load failed, which makes the next run load again.
 * @throws RunError, when the load fails, with what the door said.
 */
export function openDoor(
  name: string,
  kind: DoorKind,
  plan: DoorPlan,
  args: {
    labels: Readonly<Record<string, string>>;
    retry: string | undefined;
    /** Further variables of the door, not of its loader. */
    environment: readonly pulumi.Input<string>[];
    /** Further volumes of the door. */
    mounts: readonly docker.types.input.ContainerVolume[];
  },
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const volume = new docker.Volume(
    name,
    { name: plan.volume, labels: labelList(args.labels) },
    { ...child, deleteBeforeReplace: true },
  );
  const volumes = [{ volumeName: volume.name, containerPath: "/doors" }];
  const silent = { init: HARDENED.init, tmpfs: kind.tmpfs };
  const door = new docker.Container(
    name,
    {
      ...HARDENED,
      ...memoryLimit(kind.memoryMb),
      name: plan.container,
      image: plan.image,
      entrypoints: ["sh", "-c"],
      command: [waitFor(kind.file, kind.run)],
      user: kind.user,
      capabilities: kind.capabilities,
      // Joined: with one secret in it the whole list is one, in what the engine reports of the container as well.
      envs: pulumi.all([...kind.environment, ...args.environment]),
      tmpfs: kind.tmpfs,
      volumes: [...volumes, ...args.mounts],
      networkMode: kind.networkMode,
      destroyGraceSeconds: 5,
      labels: labelList({ ...args.labels, ...profileLabel(silent) }),
    },
    { ...child, ...REPLACED_WHOLE },
  );
  const loader = new docker.Container(
    `${name}-config`,
    {
      name: plan.loader,
      image: plan.image,
      entrypoints: ["sh", "-c"],
      command: [kind.loader.load],
      user: "root",
      capabilities: kind.loader.capabilities,
      securityOpts: HARDENED.securityOpts,
      envs: [...kind.environment],
      ...memoryLimit(kind.memoryMb),
      logDriver: HARDENED.logDriver,
      logOpts: HARDENED.logOpts,
      networkMode: "none",
      ...(kind.loader.sharesProcesses ? { pidMode: pulumi.interpolate`container:${door.id}` } : {}),
      uploads: [{ file: `/config/${kind.file}`, content: plan.config }],
      volumes,
      attach: true,
      logs: true,
      mustRun: false,
      restart: "no",
      labels: labelList({
        ...args.labels,
        ...(args.retry === undefined ? {} : { "agent-fleet.retry": args.retry }),
      }),
    },
    { ...child, dependsOn: [door], ...REPLACED_WHOLE },
  );
  return pulumi.all([loader.exitCode, loader.containerLogs]).apply(([code, logs]) => {
    if (code !== undefined && code !== 0) {
      throw new pulumi.RunError(
        `${name} refused its new configuration and keeps the old one; the next run tries again.\n${logs.trim()}`,
      );
    }
    return plan.container;
  });
}
