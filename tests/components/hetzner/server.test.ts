import type * as pulumi from "@pulumi/pulumi";
import { holdsSecret } from "pulumi-embedded-engine/values";
import type { Goal } from "pulumi-embedded-engine/wire";
import { describe, expect, it, vi } from "vitest";
import { HetznerProject } from "../../../components/hetzner/project.ts";
import { awaitReady } from "../../../components/hetzner/readiness.ts";
import { HetznerServer } from "../../../components/hetzner/server.ts";
import type { HetznerServerPlan } from "../../../fleet/hosts/hetzner/server.ts";
import { fleetPlan, HETZNER } from "../../support/docker-plans.ts";
import { registrationsOf } from "../../support/project/recording-engine.ts";
import { goalOf, inputsOf, outline } from "../../support/project/registrations.ts";

vi.mock("../../../components/hetzner/readiness.ts");

const SEED = Buffer.alloc(32, 7).toString("base64");
const HOST_KEY = "ssh-ed25519 BBBB";
const CLOUD = "hcloud:index/";

interface Created {
  readonly goals: readonly Goal[];
  readonly server: HetznerServer;
}

async function create(changes: Partial<HetznerServerPlan> = {}, dryRun = false): Promise<Created> {
  vi.mocked(awaitReady).mockReset().mockResolvedValue({ hostKey: HOST_KEY, docker: "26.1.5" });
  const { project, hosts } = fleetPlan(HETZNER);
  const plan = hosts[0]?.server;
  if (plan === undefined || project === undefined) throw new Error("there is no server in the plan");
  let server: HetznerServer | undefined;
  const goals = await registrationsOf(
    () => {
      server = new HetznerServer("eu-1", {
        plan: { ...plan, ...changes },
        project: new HetznerProject("hetzner", { plan: project, token: undefined, endpoint: undefined }),
      });
    },
    {
      dryRun,
      created: ({ type }): Record<string, string> => {
        if (type.endsWith("RandomBytes")) return { base64: SEED };
        return type.endsWith("PrimaryIp") ? { ipAddress: "203.0.113.9" } : {};
      },
    },
  );
  if (server === undefined) throw new Error("no server was created");
  return { goals: goals.filter(({ parent, name }) => parent?.endsWith("::eu-1") || name === "eu-1"), server };
}

/** What an output resolves to. */
const resolved = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply((value) => resolve(value as T));
  });

describe("HetznerServer", () => {
  it("creates the server, and what outlives it: its address and its data volume", async () => {
    const { goals } = await create();
    const parent = "eu-1";
    expect(outline(goals)).toEqual([
      { type: `${CLOUD}primaryIp:PrimaryIp`, name: "eu-1", parent },
      { type: `${CLOUD}server:Server`, name: "eu-1", parent },
      { type: `${CLOUD}serverNetwork:ServerNetwork`, name: "eu-1", parent },
      { type: `${CLOUD}sshKey:SshKey`, name: "eu-1-verification-key", parent },
      { type: `${CLOUD}volume:Volume`, name: "eu-1-data", parent },
      { type: `${CLOUD}volumeAttachment:VolumeAttachment`, name: "eu-1-data", parent },
      { type: "pulumi:index:Stash", name: "eu-1-facts", parent },
      { type: "random:index/randomBytes:RandomBytes", name: "eu-1-verification-key", parent },
      { type: "agent-fleet:index:HetznerServer", name: "eu-1", parent: "agent-fleet-test" },
    ]);
  });

  it("has no data volume where the plan has none", async () => {
    const { goals } = await create({ dataVolume: undefined, volumeGb: 0 });
    expect(goals.filter(({ name }) => name === "eu-1-data")).toEqual([]);
  });

  it("never deletes agents' data", async () => {
    const { goals } = await create();
    expect(goalOf(goals, `${CLOUD}volume:Volume`, "eu-1-data")).toMatchObject({
      inputs: { name: "fleet-test-eu-1-data", deleteProtection: true, format: "ext4" },
      retainOnDelete: true,
      protect: true,
    });
  });

  it("protects all that cannot be replaced without a loss, here and at Hetzner", async () => {
    const { goals } = await create();
    const isProtected = ({ type, protect }: Goal): string[] => (protect ? [type.replace(/^.*:/, "")] : []);
    expect(goals.flatMap(isProtected)).toEqual([
      "PrimaryIp",
      "Server",
      "ServerNetwork",
      "Volume",
      "VolumeAttachment",
    ]);
    expect(goalOf(goals, `${CLOUD}server:Server`, "eu-1").inputs).toMatchObject({
      deleteProtection: true,
      rebuildProtection: true,
    });
    expect(goalOf(goals, `${CLOUD}primaryIp:PrimaryIp`, "eu-1").inputs).toMatchObject({
      autoDelete: false,
      deleteProtection: true,
    });
  });

  it("protects only the data of a server that may be deleted", async () => {
    const { goals } = await create({ isProtected: false });
    expect(goals.filter(({ protect }) => protect)).toEqual([]);
    expect(goalOf(goals, `${CLOUD}server:Server`, "eu-1").inputs).toMatchObject({
      deleteProtection: false,
      rebuildProtection: false,
    });
    expect(goalOf(goals, `${CLOUD}volume:Volume`, "eu-1-data")).toMatchObject({
      inputs: { deleteProtection: true },
      retainOnDelete: true,
    });
  });

  it("is not replaced for what only its first boot reads, and is deleted before its successor is created", async () => {
    const { goals } = await create();
    expect(goalOf(goals, `${CLOUD}server:Server`, "eu-1")).toMatchObject({
      inputs: { keepDisk: true, shutdownBeforeDeletion: true },
      ignoreChanges: ["image", "userData", "sshKeys"],
      deleteBeforeReplace: true,
      dependencies: expect.arrayContaining([expect.stringMatching(/NetworkSubnet::hetzner-eu-central$/)]),
    });
  });

  it("detaches its volume and its network with the server, and not before it", async () => {
    const { goals } = await create();
    const { urn: server } = goalOf(goals, `${CLOUD}server:Server`, "eu-1");
    const attachment = goalOf(goals, `${CLOUD}volumeAttachment:VolumeAttachment`, "eu-1-data");
    expect(attachment).toMatchObject({
      deletedWith: server,
      deleteBeforeReplace: true,
      inputs: { automount: false },
    });
    expect(goalOf(goals, `${CLOUD}serverNetwork:ServerNetwork`, "eu-1")).toMatchObject({
      deletedWith: server,
      deleteBeforeReplace: true,
      dependencies: expect.arrayContaining([attachment.urn]),
    });
  });

  it("is reachable by IPv4 at its own address only, behind its group's firewall", async () => {
    const { goals } = await create();
    const { inputs, propertyDependencies } = goalOf(goals, `${CLOUD}server:Server`, "eu-1");
    expect(inputs["publicNets"]).toMatchObject([{ ipv4Enabled: true, ipv6Enabled: false }]);
    expect(propertyDependencies["publicNets"]).toEqual([
      goalOf(goals, `${CLOUD}primaryIp:PrimaryIp`, "eu-1").urn,
    ]);
    expect(propertyDependencies["firewallIds"]).toEqual([expect.stringMatching(/Firewall::eu$/)]);
  });
});

describe("a server's host key", () => {
  it("is attested by a key that was generated for this server alone", async () => {
    const { goals, server } = await create();
    const { publicKey } = inputsOf(goalOf(goals, `${CLOUD}sshKey:SshKey`, "eu-1-verification-key"));
    expect(publicKey).toMatch(/^ssh-ed25519 \S+ agent-fleet-verification$/);
    expect(awaitReady).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        address: "203.0.113.9",
        identity: { verificationKey: String(publicKey).replace(/ agent-fleet-verification$/, "") },
      }),
    );
    const connection = await resolved(server.connection);
    expect(connection).toMatchObject({ address: "ssh://root@203.0.113.9", hostKey: HOST_KEY });
    expect(connection.sshOptions).toContain(`KnownHostsCommand=/bin/echo %H ${HOST_KEY}`);
  });

  it("is kept as a fact, which is not a secret although the verification key is", async () => {
    const { goals } = await create();
    const facts = goalOf(goals, "pulumi:index:Stash", "eu-1-facts");
    expect(facts.inputs).toMatchObject({ input: { hostKey: HOST_KEY, docker: "26.1.5" } });
    expect(holdsSecret(facts.inputs)).toBe(false);
    expect(facts.replaceOnChanges).toEqual(["input"]);
  });

  it("is waited for only once the volume is attached, because the first boot waits for it", async () => {
    const { goals } = await create();
    expect(goalOf(goals, "pulumi:index:Stash", "eu-1-facts").dependencies).toContain(
      goalOf(goals, `${CLOUD}volumeAttachment:VolumeAttachment`, "eu-1-data").urn,
    );
  });

  it("is not asked for in a preview", async () => {
    await create({}, true);
    expect(awaitReady).not.toHaveBeenCalled();
  });
});
