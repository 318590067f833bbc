import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { DockerEngine } from "../fleet/hosts/connection.ts";
import type { AgentPlan } from "../fleet/plan/plan.ts";
import { processLimitHook } from "./process-limit.ts";
import {
  cpuLimit,
  HARDENED,
  type LivesOn,
  labelList,
  memoryLimit,
  profileLabel,
  REPLACED_WHOLE,
  type SilentSettings,
} from "./container-profile.ts";

export interface IsolatedAgentArgs {
  /** What the plan decided. */
  readonly plan: AgentPlan;
  /** For what the provider cannot do. */
  readonly engine: pulumi.Output<DockerEngine>;
  readonly livesOn: LivesOn;
  /** Whether the room's default route has to be led to nobody: see `dead-end.ts`. */
  readonly needsDeadEnd: pulumi.Input<boolean>;
  /** The agent's secret environment variables; never part of a plan. */
  readonly secrets: pulumi.Input<Readonly<Record<string, string>>>;
}

const STATE_DIRECTORY = "/home/node/.openclaw";

/**
 * Writes the configuration, then becomes the gateway. It is handed over in the environment because the provider uploads
 * files to `/`, which a read-only root refuses; and written at every start, so what the plan says is what runs.
 */
const START = [
  `printf %s "$OPENCLAW_CONFIG" > ${STATE_DIRECTORY}/openclaw.json`,
  "unset OPENCLAW_CONFIG",
  "exec node dist/index.js gateway --bind lan --port 18789",
].join(" && ");

/**
 * Asks the body, because the Control UI answers 200 to any path; and asks in the shell, because a Node would cost 50 ms of
 * CPU. Until the gateway has started once, a check goes on asking: Docker would ask again only after its interval, and the
 * one that is waited for would be found healthy seconds after it is.
 */
const HAS_STARTED = [
  'ask() { exec 3<>/dev/tcp/127.0.0.1/18789 && printf "GET /startupz HTTP/1.0\\r\\n\\r\\n" >&3 && timeout 3 grep -q \'"status":"started"\' <&3; }',
  "until (ask) 2>/dev/null; do [ ! -e /tmp/has-started ] || exit 1; sleep 0.3; done",
  ": > /tmp/has-started",
].join("\n");

const silentSettings = ({ limits }: AgentPlan): Required<SilentSettings> => ({
  healthcheck: {
    tests: ["CMD", "bash", "-c", HAS_STARTED],
    interval: "5s",
    timeout: "1m0s",
    // In Go's own spelling, as Docker gives it back: `600s` would be a change in every preview.
    startPeriod: "10m0s",
    retries: 3,
  },
  init: true,
  tmpfs: { "/tmp": "mode=1777" },
  pids: limits.pids,
});

/**
 * One tenant's agent: its slot, its network with nobody else in it, its data, its token and its gateway.
 *
 * These must agree with each other: the slot gives the network its addresses, the gateway trusts exactly the network's
 * bridge, and the container that is replaced must find the same data and token again. Who may reach the agent, and whom it
 * may reach, is the doors' business.
 */
export class IsolatedAgent extends pulumi.ComponentResource {
  /** The gateway's operator token: 32 hexadecimal digits, secret. */
  readonly token: pulumi.Output<string>;

  constructor(name: string, args: IsolatedAgentArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, engine, livesOn, secrets } = args;
    super(
      "agent-fleet:index:IsolatedAgent",
      name,
      { class: plan.class, enabled: plan.enabled, reach: plan.reach },
      opts,
    );
    const child = { parent: this };
    const labels = labelList(plan.labels);

    // The registry's entry. A stash keeps its first value for ever, so a move to another host must replace it.
    new pulumi.Stash(
      `${name}-slot`,
      { input: { host: plan.host, slot: plan.slot } },
      { ...child, replaceOnChanges: ["input"] },
    );
    const token = new random.RandomBytes(`${name}-token`, { length: 16 }, child);
    const needsDeadEnd = pulumi.output(plan.reach === "open" ? false : args.needsDeadEnd);
    const network = new docker.Network(
      `${name}-network`,
      {
        name: plan.object,
        internal: plan.reach !== "open",
        ipamConfigs: needsDeadEnd.apply((isNeeded) => [
          {
            subnet: plan.room.subnet,
            gateway: plan.room.bridge,
            ...(isNeeded ? { auxAddress: { DefaultGatewayIPv4: plan.room.nowhere } } : {}),
          },
        ]),
        labels,
      },
      { ...child, ...livesOn, deleteBeforeReplace: true },
    );
    const volume = new docker.Volume(
      `${name}-data`,
      { name: plan.volume, labels },
      // A tenant's data outlives its entry.
      { ...child, ...livesOn, retainOnDelete: true, deleteBeforeReplace: true },
    );

    if (plan.enabled) {
      const { pids, ...profile } = silentSettings(plan);
      new docker.Container(
        `${name}-gateway`,
        {
          ...HARDENED,
          ...memoryLimit(plan.limits.memoryMb),
          ...profile,
          name: plan.object,
          // OpenClaw knows by host and process whether the last owner of its state is dead. Docker's own host name is new for
          // each container: its successor would wait five minutes for a gateway that did not sign off.
          hostname: plan.name,
          image: plan.image,
          entrypoints: ["sh", "-c"],
          command: [START],
          user: "1000:1000",
          workingDir: "/app",
          memoryReservation: plan.reservationMb,
          cpus: cpuLimit(plan.limits.cpus),
          envs: environment(plan, token.hex, secrets),
          // Only one use of the network by its id: a replaced network must take its container with it.
          networkMode: "bridge",
          networksAdvanced: [{ name: network.id, ipv4Address: plan.room.agent }],
          volumes: [{ volumeName: volume.name, containerPath: STATE_DIRECTORY }],
          wait: true,
          waitTimeout: plan.startSeconds,
          destroyGraceSeconds: plan.stopSeconds,
          labels: labelList({ ...plan.ownLabels, ...plan.labels, ...profileLabel({ ...profile, pids }) }),
        },
        {
          ...child,
          ...livesOn,
          ...REPLACED_WHOLE,
          hooks: { afterCreate: [processLimitHook(name, engine, pids)] },
        },
      );
    }
    this.token = token.hex;
    this.registerOutputs({ url: plan.url });
  }
}

const environment = (
  plan: AgentPlan,
  token: pulumi.Output<string>,
  secrets: IsolatedAgentArgs["secrets"],
): pulumi.Output<string[]> =>
  pulumi.all([token, secrets]).apply(([value, own]) =>
    Object.entries({ ...plan.env, ...own, OPENCLAW_CONFIG: plan.config, OPENCLAW_GATEWAY_TOKEN: value })
      .map(([key, text]) => `${key}=${text}`)
      .toSorted(),
  );
