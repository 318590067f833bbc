import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Repairs } from "../fleet/docker/drift.ts";
import { agentSettings, renderSettings } from "../fleet/docker/settings.ts";
import type { DockerAgentPlan } from "../fleet/docker/types.ts";
import type { DockerConnection } from "../fleet/hosts/connection.ts";
import type { Protection } from "../fleet/hosts/protections.ts";
import { LABELS, LOGICAL } from "../fleet/names.ts";
import {
  CONFIG_VARIABLE,
  GATEWAY_USER,
  HEALTH_CHECK,
  START_COMMAND,
  STATE_DIRECTORY,
  TOKEN_VARIABLE,
  WORKING_DIRECTORY,
} from "../openclaw/contract.ts";
import {
  configHashLabel,
  cpuLimit,
  DELETED_BEFORE_REPLACED,
  HARDENED,
  type LifecycleBinding,
  labelList,
  memoryLimit,
  repairLabel,
  type UndiffedSettings,
} from "./container-profile.ts";
import { processLimitHook } from "./process-limit.ts";

export interface IsolatedAgentArgs {
  /** What the plan decided. */
  readonly plan: DockerAgentPlan;
  /** For what the provider cannot do. */
  readonly connection: pulumi.Output<DockerConnection>;
  readonly binding: LifecycleBinding;
  /** Whether the network's default route must lead nowhere: see `default-route.ts`. */
  readonly needsUnusedGateway: pulumi.Input<boolean>;
  /** What its host's daemon does not enforce: some refuse to be asked for it. */
  readonly unenforced: readonly Protection[];
  /** Of its objects. */
  readonly repairs: Repairs;
  /** The agent's secret environment variables; never part of a plan. */
  readonly secrets: pulumi.Input<Readonly<Record<string, string>>>;
}

const undiffedSettings = ({ limits }: DockerAgentPlan): Required<UndiffedSettings> => ({
  healthcheck: {
    tests: ["CMD", "bash", "-c", HEALTH_CHECK],
    interval: "5s",
    // Longer than the check stays to ask again, and than a gateway takes to start.
    timeout: "15m0s",
    // In Go's own spelling, as Docker returns it: `600s` would be a change in every preview.
    startPeriod: "10m0s",
    retries: 3,
  },
  init: true,
  tmpfs: { "/tmp": "mode=1777" },
  pids: limits.pids,
});

/**
 * One tenant's agent: its slot, a network of its own, its data, its token and its gateway.
 *
 * These must agree with each other: the slot gives the network its addresses, the gateway trusts exactly the network's
 * bridge, and a container that is replaced must find the same data and token. What reaches the agent, and what it reaches,
 * is configured at the host's services.
 */
export class IsolatedAgent extends pulumi.ComponentResource {
  /** The gateway's operator token: 32 hexadecimal digits, secret. */
  readonly token: pulumi.Output<string>;

  constructor(name: string, args: IsolatedAgentArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    super(
      "agent-fleet:index:IsolatedAgent",
      name,
      { class: plan.class, enabled: plan.enabled, egress: plan.egress },
      opts,
    );
    const child = { parent: this };
    // The registry's entry. A stash keeps its first value for ever, so a move to another host must replace it.
    new pulumi.Stash(
      LOGICAL.slot(name),
      { input: { host: plan.host, slot: plan.slot } },
      { ...child, replaceOnChanges: ["input"] },
    );
    this.token = new random.RandomBytes(LOGICAL.token(name), { length: 16 }, child).hex;
    const onMachine = { ...child, ...args.binding };
    const network = createNetwork(name, args, onMachine);
    const volume = new docker.Volume(
      LOGICAL.data(name),
      {
        name: plan.volume,
        labels: labelList({ ...plan.labels, ...repairLabel(args.repairs, "volume", LOGICAL.data(name)) }),
      },
      // A tenant's data outlives its entry.
      { ...onMachine, retainOnDelete: true, deleteBeforeReplace: true },
    );
    if (plan.enabled) createGateway(name, args, { network, volume, token: this.token }, onMachine);
    // For the next plan, which says what changes for the agent's users.
    this.registerOutputs({ url: plan.url, egress: plan.egress });
  }
}

const createNetwork = (
  name: string,
  { plan, needsUnusedGateway, repairs }: IsolatedAgentArgs,
  options: pulumi.CustomResourceOptions,
): docker.Network =>
  new docker.Network(
    LOGICAL.network(name),
    {
      name: plan.object,
      internal: plan.egress !== "open",
      ipamConfigs: pulumi.output(plan.egress === "open" ? false : needsUnusedGateway).apply((isNeeded) => [
        {
          subnet: plan.network.subnet,
          gateway: plan.network.bridge,
          ...(isNeeded ? { auxAddress: { DefaultGatewayIPv4: plan.network.unusedGateway } } : {}),
        },
      ]),
      labels: labelList({ ...plan.labels, ...repairLabel(repairs, "network", LOGICAL.network(name)) }),
    },
    { ...options, deleteBeforeReplace: true },
  );

/**
 * The egress proxy resolves names. Docker's own resolver forwards from the host's side where the host's is on loopback, which
 * would be a way out of an internal network: it is given one that does not exist, and answers that at once.
 */
const NO_DNS = { dns: ["127.0.0.1"], dnsOpts: ["timeout:1", "attempts:1"] };

interface GatewayParts {
  readonly network: docker.Network;
  readonly volume: docker.Volume;
  readonly token: pulumi.Output<string>;
}

function createGateway(
  name: string,
  { plan, connection, repairs, secrets, unenforced }: IsolatedAgentArgs,
  { network, volume, token }: GatewayParts,
  options: pulumi.CustomResourceOptions,
): void {
  const undiffed = undiffedSettings(plan);
  const { pids, ...profile } = undiffed;
  new docker.Container(
    LOGICAL.gateway(name),
    {
      ...HARDENED,
      // Without a reservation: on cgroup v1 the gateway would take it for its limit, and report memory pressure for ever.
      ...memoryLimit(plan.limits.memoryMb),
      ...profile,
      name: plan.object,
      // OpenClaw decides by host name and process whether the last owner of its state is dead. Docker's own host name is new
      // for each container, so a successor would wait five minutes for a gateway that did not sign off.
      hostname: plan.name,
      image: plan.image,
      entrypoints: ["sh", "-c"],
      command: [START_COMMAND],
      user: GATEWAY_USER,
      workingDir: WORKING_DIRECTORY,
      cpus: cpuLimit(plan.limits.cpus),
      envs: environment(plan, token, secrets),
      // The network is referred to only once, by its id: a replaced network must take its container with it.
      networkMode: "bridge",
      ...(plan.egress === "open" ? {} : NO_DNS),
      networksAdvanced: [{ name: network.id, ipv4Address: plan.network.agent }],
      volumes: [{ volumeName: volume.name, containerPath: STATE_DIRECTORY }],
      wait: true,
      waitTimeout: plan.startSeconds,
      destroyGraceSeconds: plan.stopSeconds,
      labels: labelList({
        ...plan.ownLabels,
        ...plan.labels,
        ...repairLabel(repairs, "container", LOGICAL.gateway(name)),
        ...configHashLabel(undiffed),
        [LABELS.settings]: renderSettings(agentSettings(plan)),
      }),
    },
    {
      ...options,
      ...DELETED_BEFORE_REPLACED,
      ...(unenforced.includes("processes")
        ? {}
        : { hooks: { afterCreate: [processLimitHook(name, connection, pids)] } }),
    },
  );
}

/** The plan's variables win over a secret of the same name, which the configuration's rules refuse in the first place. */
const environment = (
  { env, config }: DockerAgentPlan,
  token: pulumi.Output<string>,
  secrets: IsolatedAgentArgs["secrets"],
): pulumi.Output<string[]> =>
  pulumi.all([token, secrets]).apply(([value, own]) =>
    Object.entries({ ...own, ...env, [CONFIG_VARIABLE]: config, [TOKEN_VARIABLE]: value })
      .map(([key, text]) => `${key}=${text}`)
      .toSorted(),
  );
