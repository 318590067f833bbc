/**
 * A service of a host: a long-lived container, and a one-shot loader that hands it a new configuration.
 *
 * The loader is what changes when an agent is added or removed. The service itself is never restarted for it, so its
 * connections stay open, and everything goes over Docker's API: a remote host needs nothing else.
 */
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Repairs } from "../fleet/docker/drift.ts";
import { portGuard } from "../fleet/docker/listeners.ts";
import { renderSettings, serviceSettings } from "../fleet/docker/settings.ts";
import type { ServicePlan } from "../fleet/docker/types.ts";
import { LABELS, LOGICAL } from "../fleet/names.ts";
import { CONFIG_DIRECTORY, SERVICE_DIRECTORY } from "../fleet/services/service.ts";
import {
  configHashLabel,
  DELETED_BEFORE_REPLACED,
  HARDENED,
  labelList,
  memoryLimit,
  repairLabel,
} from "./container-profile.ts";

/** Secrets of the fleet's services, by their key in the configuration. */
export type Credentials = ReadonlyMap<string, pulumi.Output<string>>;

export interface HostServiceArgs {
  /** What the plan decided. */
  readonly plan: ServicePlan;
  readonly labels: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  /** A loader whose last load failed is among them, which makes the next run load again. */
  readonly repairs: Repairs;
  /** Volumes that the service shares with others of its host, by name. */
  readonly sharedVolumes: ReadonlyMap<string, docker.Volume>;
}

const STOP_SECONDS = 5;

/** Patterns of listening sockets that the service must not find when it starts, one for each of its ports. */
const GUARD_FILE = `${SERVICE_DIRECTORY}/ports`;

/**
 * The service waits for its first file, and must not take the loader's signal to it for the end of that wait. It exits if
 * another process listens on one of its ports; Docker restarts it until the port is free.
 */
const startScript = (file: string, run: string): string =>
  [
    "trap '' HUP",
    `until [ -e ${SERVICE_DIRECTORY}/${file} ]; do sleep 0.1; done`,
    "while IFS=$(printf '\\t') read -r pattern port; do",
    '  if grep -qE "$pattern" /proc/net/tcp /proc/net/tcp6 2>/dev/null; then echo "port $port is taken by another process of this host" >&2; exit 1; fi',
    `done < ${GUARD_FILE}`,
    run,
  ].join("\n");

/** The guard is written before the configuration, which the service may be waiting for. */
const loadScript = ({ ports, loader }: ServicePlan): string =>
  `cat > ${GUARD_FILE} <<'END'\n${portGuard(ports)}END\n${loader.load}`;

/** The provider's types want lists that can be changed. */
const capabilities = ({
  drops,
  adds,
}: ServicePlan["container"]["capabilities"]): docker.types.input.ContainerCapabilities => ({
  drops: [...drops],
  ...(adds === undefined ? {} : { adds: [...adds] }),
});

/**
 * @param host the logical name of the host
 * @returns the container's name, once the service has the plan's configuration
 * @throws RunError where loading fails, with the service's own message
 */
export function createHostService(
  host: string,
  args: HostServiceArgs,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { plan, labels, repairs } = args;
  const name = LOGICAL.service(host, plan.name);
  const volume = new docker.Volume(
    name,
    {
      name: plan.objects.volume,
      labels: labelList({ ...labels, ...repairLabel(repairs, "volume", name) }),
    },
    { ...child, deleteBeforeReplace: true },
  );
  const container = createContainer(name, args, volume, child);
  const loader = createLoader(LOGICAL.loader(host, plan.name), args, volume, container, child);
  return pulumi.all([loader.exitCode, loader.containerLogs]).apply(([code, logs]) => {
    if (code !== undefined && code !== 0) {
      throw new pulumi.RunError(
        `${name} refused its new configuration and keeps the old one; the next run tries again.\n${logs.trim()}`,
      );
    }
    return plan.objects.container;
  });
}

function createContainer(
  name: string,
  { plan, labels, repairs, credentials, sharedVolumes }: HostServiceArgs,
  volume: docker.Volume,
  child: pulumi.CustomResourceOptions,
): docker.Container {
  const { container, config } = plan;
  const secrets = plan.credentials.flatMap(({ key, variable }) => {
    const value = credentials.get(key);
    return value === undefined ? [] : [pulumi.interpolate`${variable}=${value}`];
  });
  return new docker.Container(
    name,
    {
      ...HARDENED,
      ...memoryLimit(container.memoryMb),
      name: plan.objects.container,
      image: plan.image,
      entrypoints: ["sh", "-c"],
      command: [startScript(config.file, container.run)],
      user: container.user,
      capabilities: capabilities(container.capabilities),
      // As one list: with one secret in it the whole list is secret, also in what the engine reports of the container.
      envs: pulumi.all([...container.environment, ...secrets]),
      tmpfs: { ...container.tmpfs },
      volumes: [
        { volumeName: volume.name, containerPath: SERVICE_DIRECTORY },
        ...plan.sharedVolumes.flatMap(({ name: shared, path }) => {
          const found = sharedVolumes.get(shared);
          return found === undefined ? [] : [{ volumeName: found.name, containerPath: path }];
        }),
      ],
      networkMode: container.networkMode,
      destroyGraceSeconds: STOP_SECONDS,
      labels: labelList({
        ...labels,
        ...repairLabel(repairs, "container", name),
        ...configHashLabel({ init: HARDENED.init, tmpfs: container.tmpfs }),
        [LABELS.settings]: renderSettings(serviceSettings(plan)),
      }),
    },
    { ...child, ...DELETED_BEFORE_REPLACED },
  );
}

function createLoader(
  name: string,
  { plan, labels, repairs }: HostServiceArgs,
  volume: docker.Volume,
  service: docker.Container,
  child: pulumi.CustomResourceOptions,
): docker.Container {
  const { loader, config, container } = plan;
  return new docker.Container(
    name,
    {
      ...memoryLimit(container.memoryMb),
      name: plan.objects.loader,
      image: plan.image,
      entrypoints: ["sh", "-c"],
      command: [loadScript(plan)],
      user: "root",
      capabilities: capabilities(loader.capabilities),
      securityOpts: HARDENED.securityOpts,
      envs: [...container.environment],
      logDriver: HARDENED.logDriver,
      logOpts: HARDENED.logOpts,
      networkMode: "none",
      ...(loader.sharesProcesses ? { pidMode: pulumi.interpolate`container:${service.id}` } : {}),
      uploads: [{ file: `${CONFIG_DIRECTORY}/${config.file}`, content: config.content }],
      volumes: [{ volumeName: volume.name, containerPath: SERVICE_DIRECTORY }],
      attach: true,
      logs: true,
      mustRun: false,
      restart: "no",
      labels: labelList({ ...labels, ...repairLabel(repairs, "container", name) }),
    },
    { ...child, dependsOn: [service], ...DELETED_BEFORE_REPLACED },
  );
}
