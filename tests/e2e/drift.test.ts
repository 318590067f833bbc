/** What is changed by hand at a fleet's Docker daemon is shown by the next preview, and put right by the next update. */
import { connect } from "docker-connection";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureTestImages, STAND_IN } from "../support/gateway/stand-in.ts";
import { identityOf, objectsOf } from "../support/hosts/objects.ts";
import { sampled } from "../support/long.ts";
import type { Result } from "../support/project/project.ts";
import { hasPulumi } from "../support/project/pulumi.ts";
import { docker, TestFleet } from "../support/project/test-fleet.ts";

const STACK = "e2e-drift";
const AGENTS = { alice: {}, bob: {}, carol: { enabled: false } };
const OTHER_NETWORK = "e2e-drift-elsewhere";

const objectOf = (name: string): string => `fleet.${STACK}.${name}`;
const ALICE = objectOf("alice");
const BOB = objectOf("bob");
const CAROL = objectOf("carol");
const INGRESS = objectOf("host_ingress");
const PROXY = objectOf("host_egress_proxy");
const LOADER = objectOf("host_ingress_config");

interface Damage {
  /** A change by hand: arguments of `docker`. */
  readonly commands: readonly string[];
  /** What the preview says of it. */
  readonly says: readonly string[];
  /** Containers that the update replaces. */
  readonly replaced: readonly string[];
}

const CASES: Readonly<Record<string, Damage>> = {
  "the first agent's container is removed": {
    commands: [`rm --force ${ALICE}`],
    says: ["alice's container is gone: it will be created again."],
    replaced: [ALICE],
  },
  "the last agent's container is stopped": {
    commands: [`stop --time 1 ${BOB}`],
    says: ["bob's container has exited with code"],
    replaced: [BOB],
  },
  "a container is killed": {
    commands: [`kill ${ALICE}`],
    says: ["alice's container has exited with code 137: it will be replaced."],
    replaced: [ALICE],
  },
  "a container is paused": {
    commands: [`pause ${ALICE}`],
    says: ["alice's container is paused: it will be replaced."],
    replaced: [ALICE],
  },
  "a container is given less memory": {
    commands: [`update --memory 600m --memory-reservation 300m --memory-swap 600m ${BOB}`],
    says: ["bob's container has another memory limit: 600 MiB instead of 1792 MiB"],
    replaced: [BOB],
  },
  "a container is given less CPU": {
    commands: [`update --cpus 0.1 ${ALICE}`],
    says: ["alice's container has another CPU limit: 0.1 instead of"],
    replaced: [ALICE],
  },
  "a container is allowed more processes": {
    commands: [`update --pids-limit 4000 ${ALICE}`],
    says: ["alice's container has another process limit: 4000 instead of"],
    replaced: [ALICE],
  },
  "a container is no longer started again": {
    commands: [`update --restart no ${BOB}`],
    says: ["bob's container has another restart policy: no instead of unless-stopped"],
    replaced: [BOB],
  },
  "a container is disconnected from its network": {
    commands: [`network disconnect ${ALICE} ${ALICE}`],
    says: ["alice's container is not attached to its network"],
    replaced: [ALICE],
  },
  "a container is connected to another network": {
    commands: [`network connect ${OTHER_NETWORK} ${BOB}`],
    says: ["bob's container is attached to a network that is not its own"],
    replaced: [BOB],
  },
  "a container and its network are removed": {
    commands: [`rm --force ${BOB}`, `network rm ${BOB}`],
    says: ["bob's network is gone", "bob's container is gone"],
    replaced: [BOB],
  },
  "a container and its volume are removed": {
    commands: [`rm --force ${ALICE}`, `volume rm ${ALICE}`],
    says: [
      "alice's volume is gone, with its data: an empty one will be created.",
      "alice's container is gone",
    ],
    replaced: [ALICE],
  },
  "an unused network is pruned": {
    commands: [`network rm ${CAROL}`],
    says: ["carol's network is gone: it will be created again."],
    replaced: [],
  },
  "the ingress is removed": {
    commands: [`rm --force ${INGRESS}`],
    says: ["local's ingress container is gone: it will be created again."],
    replaced: [INGRESS, LOADER],
  },
  "the egress proxy is stopped": {
    commands: [`stop --time 1 ${PROXY}`],
    says: ["local's egress proxy container has exited with code"],
    replaced: [PROXY, objectOf("host_egress_proxy_config")],
  },
  "the egress proxy is paused": {
    commands: [`pause ${PROXY}`],
    says: ["local's egress proxy container is paused"],
    replaced: [PROXY, objectOf("host_egress_proxy_config")],
  },
  "a service's configuration is changed": {
    commands: [`exec --user root ${PROXY} sh -c echo>>/service/squid.conf`],
    says: [
      "local's egress proxy configuration loader handed over a configuration that the service no longer has",
    ],
    replaced: [objectOf("host_egress_proxy_config")],
  },
  "a configuration loader is pruned": {
    commands: [`rm ${LOADER}`],
    says: ["local's ingress configuration loader is gone: it will be created again."],
    replaced: [LOADER],
  },
};

let fleet: TestFleet;

beforeAll(async () => {
  await ensureTestImages();
  fleet = await TestFleet.open(STACK, 45, { image: STAND_IN });
  await docker("network", "create", OTHER_NETWORK);
  await fleet.up(AGENTS);
});

afterAll(async () => {
  await fleet?.remove();
  await docker("network", "rm", OTHER_NETWORK);
});

const identities = async (except: readonly string[]): Promise<object> => {
  const names = (await objectsOf(STACK)).containers.filter((name) => !except.includes(name));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await identityOf(name)])));
};
/** The Pulumi CLI writes to standard output, and breaks lines. */
const unwrapped = ({ stdout, stderr }: Result): string => `${stdout}\n${stderr}`.replaceAll(/\s+/g, " ");

const tokens = async (): Promise<object> =>
  Object.fromEntries(Object.entries(await fleet.agents()).map(([name, { token }]) => [name, token]));

/** In a short run, every so many cases. */
const ENGINES = [
  { engine: "embedded", step: 4, isThere: true },
  { engine: "pulumi", step: 9, isThere: hasPulumi("repairs with the Pulumi CLI") },
];

describe.each(ENGINES)(
  "a fleet that was changed by hand, with the engine $engine",
  ({ engine, step, isThere }) => {
    const using = ["--engine", engine] as const;

    it.skipIf(!isThere).each(sampled(Object.entries(CASES), step))(
      "is put right where %s",
      async (_, { commands, says, replaced }) => {
        const others = await identities(replaced);
        const before = await tokens();
        for (const command of commands) await docker(...command.split(" "));
        const preview = await fleet.tryRun("preview", "--expect-no-changes", ...using);
        expect(preview.code).toBe(1);
        for (const sentence of says) expect(unwrapped(preview)).toContain(sentence);
        await fleet.run("up", "--yes", ...using);
        expect(await identities(replaced)).toEqual(others);
        expect(await tokens()).toEqual(before);
        expect((await fleet.tryRun("preview", "--expect-no-changes", ...using)).code).toBe(0);
        for (const name of replaced.filter((each) => each !== LOADER && !each.endsWith("_config"))) {
          expect((await connect().getContainer(name).inspect()).State.Status).toBe("running");
        }
      },
    );
  },
);
