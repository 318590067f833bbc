/** Docker objects that exist are found by name and label, as they are, and foreign ones are not. */
import { connect } from "docker-connection";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Adoption } from "../../engine/adoption.ts";
import { findProvider } from "../../engine/providers/resource-types.ts";
import { isSecret, type Properties } from "../../engine/values.ts";
import { goal } from "../engine/support/goals.ts";
import { ensureTestImages, STAND_IN } from "../support/gateway/stand-in.ts";
import { removeObjects } from "../support/hosts/objects.ts";

const STACK = "find";
const NAME = `fleet.${STACK}.one`;
const IDENTITY = ["agent-fleet.stack"];
const TYPES = {
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
};

const labels = (stack: string): Properties[] => [{ label: "agent-fleet.stack", value: stack }];
const providerOf = (kind: keyof typeof TYPES) => {
  const provider = findProvider(TYPES[kind]);
  if (provider === undefined) throw new Error(`there is no provider of a ${kind}`);
  return provider;
};
const create = (kind: keyof typeof TYPES, inputs: Properties) =>
  providerOf(kind).create({ ...providerOf(kind).defaults, ...inputs }, {});
const find = (kind: keyof typeof TYPES, inputs: Properties) =>
  providerOf(kind).find?.(
    { inputs: { ...providerOf(kind).defaults, ...inputs }, identity: IDENTITY, value: undefined },
    {},
  );

const NETWORK = {
  name: NAME,
  internal: true,
  ipamConfigs: [{ subnet: "10.97.255.0/29", gateway: "10.97.255.1", auxAddress: { x: "10.97.255.6" } }],
  labels: labels(STACK),
};
const VOLUME = { name: NAME, labels: labels(STACK) };
const LOADER = {
  name: NAME,
  image: STAND_IN,
  entrypoints: ["sh", "-c"],
  command: ["cat /etc/one"],
  networkMode: "none",
  attach: true,
  logs: true,
  mustRun: false,
  uploads: [{ file: "/etc/one", content: "asked\n" }],
  labels: labels(STACK),
};

beforeAll(async () => {
  await ensureTestImages();
  await removeObjects(STACK);
});
afterAll(() => removeObjects(STACK));

describe("what exists", () => {
  it.each([
    ["network", NETWORK],
    ["volume", VOLUME],
    ["container", LOADER],
  ] as const)("is found with the result that creating it had: a %s", async (kind, inputs) => {
    expect(await find(kind, inputs)).toBeUndefined();
    const created = await create(kind, inputs);
    expect(await find(kind, inputs)).toEqual({ ...created, differing: {} });
    const foreign = { ...inputs, labels: labels("another") };
    expect(await find(kind, foreign)).toBeUndefined();
    expect(await find(kind, { ...inputs, labels: [] })).toBeUndefined();
  });

  it("is found as it is where it differs", async () => {
    const [ipam] = NETWORK.ipamConfigs;
    const asked = { ...NETWORK, internal: false, ipamConfigs: [{ ...ipam, subnet: "10.97.255.8/29" }] };
    const network = await find("network", asked);
    expect(network?.differing).toEqual({ internal: true, ipamConfigs: NETWORK.ipamConfigs });
    expect(network?.outputs).toMatchObject({ internal: true, ipamConfigs: [{ subnet: "10.97.255.0/29" }] });
    const more = [...labels(STACK), { label: "another", value: "1" }];
    expect((await find("network", { ...NETWORK, labels: more }))?.differing).toEqual({
      labels: labels(STACK),
    });
    // A new volume would be empty.
    expect((await find("volume", { ...VOLUME, labels: more }))?.differing).toEqual({});
    const uploads = [
      { file: "/etc/one", content: "new\n" },
      { file: "/etc/two", content: "" },
    ];
    const loader = await find("container", { ...LOADER, uploads });
    expect(loader?.differing).toEqual({ uploads: LOADER.uploads });
    expect(loader?.outputs["containerLogs"]).toBe("asked\n");
  });

  it("is recorded with its environment as a secret where that differs", async () => {
    const adoption = new Adoption(
      { resources: [], pending: [] },
      { listen: () => {}, parallel: 1, identity: IDENTITY, gone: new Set(), recall: () => undefined },
    );
    const inputs = { ...LOADER, envs: ["KEY=1"] };
    await adoption.register(goal("one", inputs, { type: TYPES.container }));
    expect(adoption.result).toMatchObject({ errors: [], adopted: [{ differing: ["envs"] }] });
    const [state] = adoption.snapshot().resources;
    expect([state?.inputs?.["envs"], state?.outputs?.["envs"]].map(isSecret)).toEqual([true, true]);
  });

  it("counts as not having come up where it was never started", async () => {
    const docker = connect();
    await docker.getContainer(NAME).remove();
    await docker.createContainer({ name: NAME, Image: STAND_IN, Labels: { "agent-fleet.stack": STACK } });
    const found = await find("container", { name: NAME, image: STAND_IN, labels: labels(STACK) });
    expect(found?.initErrors).toEqual(["it was created but never started"]);
  });
});
