/**
 * Both engines bring the same program to the same result, and each accepts the other's state as its own.
 *
 * A stack goes through its whole life with each engine, step by step. What Docker has after every step is compared, and the
 * other engine must find nothing to change.
 */
import { connect } from "docker-connection";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureTestImages, STAND_IN } from "../support/gateway/stand-in.ts";
import { objectsOf, removeObjects } from "../support/hosts/objects.ts";
import { createProject, lane, type TestProject } from "../support/project/project.ts";
import { hasPulumi } from "../support/project/pulumi.ts";

/** The same ranges for both, one after the other, so that even addresses and ports must be equal. */
const PLACE = lane(10);
const STACK = "parity";

type Step = { readonly name: string; readonly fleet: object };
const agents = (entries: Record<string, object>): object => ({
  domain: "parity.localhost",
  image: STAND_IN,
  ...PLACE,
  agents: entries,
});

const STEPS: readonly Step[] = [
  { name: "create", fleet: agents({ ann: {}, ben: { egress: ["example.com"] } }) },
  { name: "no-op", fleet: agents({ ann: {}, ben: { egress: ["example.com"] } }) },
  { name: "add", fleet: agents({ abe: {}, ann: {}, ben: { egress: ["example.com"] } }) },
  {
    name: "change",
    fleet: agents({ abe: { class: "light" }, ann: { egress: "open" }, ben: { env: { A: "1" } } }),
  },
  {
    name: "disable",
    fleet: agents({ abe: { class: "light" }, ann: { enabled: false }, ben: { env: { A: "1" } } }),
  },
  { name: "remove", fleet: agents({ ann: { enabled: false }, ben: { env: { A: "1" } } }) },
];

/** What differs between runs by its nature. */
const VOLATILE =
  /^(?:Id|ExecIDs|Created|State|Pid|StartedAt|ResolvConfPath|HostnamePath|HostsPath|LogPath|SandboxID|SandboxKey|EndpointID|NetworkID|MacAddress|Hostname|Aliases|GraphDriver|LowerDir|RestartCount|Health|AppArmorProfile|NetworkMode|PidMode|Networks|Links)$/;

/** Nothing and an empty list mean the same to Docker. */
const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== "object" || value === null) {
    return typeof value === "string"
      ? value.replace(/OPENCLAW_GATEWAY_TOKEN=[0-9a-f]{32}/, "OPENCLAW_GATEWAY_TOKEN=TOKEN")
      : value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => !VOLATILE.test(key) && !isEmpty(each))
      .map(([key, each]) => [key, settled(each)]),
  );
}

const docker = connect();

/** The containers and networks of the stack, without what no two runs have in common. */
async function world(): Promise<Record<string, unknown>> {
  const { containers, networks, volumes } = await objectsOf(STACK);
  const inspected: [string, unknown][] = [];
  for (const name of containers) {
    const info = await docker.getContainer(name).inspect();
    const attached = Object.entries(info.NetworkSettings.Networks as Record<string, Docker.EndpointSettings>);
    const networking = attached.map(([network, { IPAddress, Gateway }]) => ({ network, IPAddress, Gateway }));
    const isPid = info.HostConfig.PidMode?.startsWith("container:") ?? false;
    inspected.push([
      `container ${name}`,
      {
        ...(settled({ ...info, Config: { ...info.Config, Env: info.Config.Env?.toSorted() } }) as object),
        running: info.State.Running,
        networking,
        isPid,
      },
    ]);
  }
  for (const name of networks) {
    const { Containers, ...info } = await docker.getNetwork(name).inspect();
    const members = Object.values(Containers as Record<string, { Name: string; IPv4Address: string }>);
    inspected.push([
      `network ${name}`,
      { ...(settled(info) as object), members: members.map(({ Name, IPv4Address }) => [Name, IPv4Address]) },
    ]);
  }
  return { ...Object.fromEntries(inspected), volumes };
}

async function expectSuccess(
  project: TestProject,
  command: string,
  engine: string,
  ...args: string[]
): Promise<string> {
  const result = await project.run(command, "--engine", engine, ...args);
  expect(result.code, `${command} by ${engine}:\n${result.stderr}\n${result.stdout}`).toBe(0);
  return result.stdout;
}

async function lead(
  engine: "embedded" | "pulumi",
  other: "embedded" | "pulumi",
): Promise<Record<string, unknown>> {
  const project = createProject(STACK);
  const seen: Record<string, unknown> = {};
  try {
    for (const { name, fleet } of STEPS) {
      project.configure(fleet);
      await expectSuccess(project, "up", engine, "--yes");
      await expectSuccess(project, "preview", engine, "--expect-no-changes");
      await expectSuccess(project, "preview", other, "--expect-no-changes");
      const outputs = JSON.parse(await expectSuccess(project, "outputs", engine, "--json"));
      expect(JSON.parse(await expectSuccess(project, "outputs", other, "--json"))).toEqual(outputs);
      seen[name] = { world: await world(), outputs };
    }
    // Each must also be able to take down what the other has made.
    await expectSuccess(project, "destroy", other, "--yes");
    seen["destroy"] = await world();
  } finally {
    await removeObjects(STACK);
    project.remove();
  }
  return seen;
}

describe.skipIf(!hasPulumi("parity of the two engines"))("the embedded engine and the Pulumi CLI", () => {
  beforeAll(async () => {
    await ensureTestImages();
    await removeObjects(STACK);
  });
  afterAll(() => removeObjects(STACK));

  it("create the same containers and outputs from the same stack, and accept each other's state", async () => {
    const embedded = await lead("embedded", "pulumi");
    const pulumi = await lead("pulumi", "embedded");
    for (const step of [...STEPS.map(({ name }) => name), "destroy"]) {
      expect(embedded[step], `after ${step}`).toEqual(pulumi[step]);
    }
  });
});
