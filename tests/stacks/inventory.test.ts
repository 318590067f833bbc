import { connect } from "docker-connection";
import { afterEach, describe, expect, it } from "vitest";
import { inventoryOf, observeHosts, readDaemon } from "../../stacks/inventory.ts";
import { type FakeDaemon, startDaemon } from "../support/docker-daemon.ts";

const MIB = 1024 ** 2;
const OURS = { "agent-fleet.stack": "test" };
const CONTAINER = {
  Id: "c1",
  Name: "/fleet.test.alice",
  RestartCount: 4,
  State: { Status: "running", ExitCode: 0, Health: { Status: "unhealthy", FailingStreak: 12 } },
  HostConfig: {
    Memory: 1024 * MIB,
    MemorySwap: -1,
    NanoCpus: 1e9,
    PidsLimit: 512,
    RestartPolicy: { Name: "unless-stopped" },
  },
  NetworkSettings: { Networks: { "fleet.test.alice": { NetworkID: "n1" } } },
};
const NETWORK = {
  Id: "n1",
  Name: "fleet.test.alice",
  Labels: OURS,
  IPAM: { Config: [{ Subnet: "10.96.0.0/29" }] },
};

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.close();
});

/** @param inspected undefined for a container that was removed after it was listed */
async function startWith(info: object, inspected: object | undefined = CONTAINER): Promise<string> {
  const answers: Readonly<Record<string, unknown>> = {
    "/_ping": {},
    "/info": { NCPU: 4, ...info },
    "/containers/json": [
      { Id: "c1", Names: ["/fleet.test.alice"], Labels: OURS },
      { Id: "c2", Names: ["/elsewhere"], Labels: {} },
    ],
    "/containers/c1/json": inspected,
    "/networks": [NETWORK],
    "/volumes": { Volumes: [{ Name: "fleet.test.alice", Labels: OURS }] },
  };
  const daemon = await startDaemon(({ path }) => {
    const body = answers[path];
    return body === undefined ? undefined : { body };
  });
  daemons.push(daemon);
  return daemon.address;
}

const read = async (address: string) => inventoryOf(await readDaemon(connect({ address }), "test"));

describe("an inventory", () => {
  it("has the stack's containers in full, and the names of all", async () => {
    const { cpus, containers, containerNames, networks, volumes } = await read(await startWith({}));
    expect(cpus).toBe(4);
    expect(containers).toEqual([
      {
        id: "c1",
        name: "fleet.test.alice",
        status: "running",
        health: "unhealthy",
        failedChecks: 12,
        exitCode: 0,
        restarts: 4,
        limits: { memory: 1024 * MIB, memorySwap: -1, memoryReservation: 0, nanoCpus: 1e9, pids: 512 },
        restartPolicy: "unless-stopped",
        networks: ["n1"],
      },
    ]);
    expect(containerNames.map(({ name }) => name)).toEqual(["fleet.test.alice", "elsewhere"]);
    expect(daemons[0]?.requests.map(({ path }) => path)).not.toContain("/containers/c2/json");
    expect(networks[0]).toMatchObject({ id: "n1", subnets: ["10.96.0.0/29"] });
    expect(volumes).toEqual([{ id: "fleet.test.alice", name: "fleet.test.alice", labels: OURS }]);
  });

  it.each([
    ["MemoryLimit", ["memory", "memoryReservation"]],
    ["SwapLimit", ["memorySwap"]],
    ["CpuCfsQuota", ["nanoCpus"]],
    ["PidsLimit", ["pids"]],
  ])("has no limit that a daemon without %s drops", async (capability, dropped) => {
    const { containers } = await read(await startWith({ [capability]: false }));
    const limits = Object.entries(containers[0]?.limits ?? {});
    expect(limits.filter(([, limit]) => limit === undefined).map(([name]) => name)).toEqual(dropped);
  });

  it("takes a status that it does not know for one that no container should have", async () => {
    const { containers } = await read(await startWith({}, { ...CONTAINER, State: { Status: "stopping" } }));
    expect(containers[0]?.status).toBe("dead");
  });
});

describe("the observation of several hosts", () => {
  it("names one that does not answer, and has the others", async () => {
    const observations = await observeHosts(
      [
        ["up", { address: await startWith({}), sshOptions: [] }],
        ["down", { address: "tcp://127.0.0.1:1", sshOptions: [] }],
      ],
      "test",
      [],
    );
    expect(observations.get("up")?.inventory?.containers).toHaveLength(1);
    expect(observations.get("down")?.problem).toContain("ECONNREFUSED");
  });
});
