/** A fleet whose state was lost is taken over as it runs: the next update has nothing to do but what has really changed. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureTestImages, STAND_IN } from "../support/gateway/stand-in.ts";
import { identityOf, objectsOf } from "../support/hosts/objects.ts";
import { parseFleet } from "../support/parse-fleet.ts";
import { hasPulumi } from "../support/project/pulumi.ts";
import { docker, TestFleet } from "../support/project/test-fleet.ts";

const STACK = "e2e-adopt";
const AGENTS = { alice: {}, bob: { env: { A: "1" } }, carol: { enabled: false } };

/** An image that is there anyway, and that is not a gateway's. */
const CADDY = parseFleet({ domain: "x.example", hosts: { local: { kind: "docker" } }, agents: {} }).settings
  .ingress.image;

interface Checkpoint {
  readonly checkpoint: { readonly latest: { resources: readonly { readonly urn: string }[] } };
}

let fleet: TestFleet;

const stateFile = (): string => join(fleet.folder, `state/.pulumi/stacks/agent-fleet/${STACK}.json`);

const identities = async (): Promise<Record<string, { readonly id: string }>> => {
  const { containers } = await objectsOf(STACK);
  return Object.fromEntries(
    await Promise.all(containers.map(async (name) => [name, await identityOf(name)])),
  );
};
const tokens = async (): Promise<Record<string, string>> =>
  Object.fromEntries(Object.entries(await fleet.agents()).map(([name, { token }]) => [name, token]));
const changes = async (agents: object): Promise<string[]> =>
  (await fleet.preview(agents)).map(({ op, name }) => `${op} ${name}`).toSorted();

function loseState(): void {
  for (const name of [stateFile(), `${stateFile()}.bak`, `${stateFile()}.attrs`])
    rmSync(name, { force: true });
}

/** As a run of the CLI leaves it that was killed after it created these. */
function loseResources(isLost: (urn: string) => boolean): void {
  const saved: Checkpoint = JSON.parse(readFileSync(stateFile(), "utf8"));
  const { latest } = saved.checkpoint;
  latest.resources = latest.resources.filter(({ urn }) => !isLost(urn));
  writeFileSync(stateFile(), JSON.stringify(saved));
}

beforeAll(async () => {
  await ensureTestImages();
  fleet = await TestFleet.open(STACK, 46, { image: STAND_IN });
  // The slots are not in the order of the names, and one object has been made again.
  const { alice: _, ...others } = AGENTS;
  await fleet.up(others);
  await docker("network", "rm", fleet.objectOf("carol"));
  await fleet.up(AGENTS);
});

afterAll(() => fleet?.remove());

describe("a fleet whose state was lost", () => {
  it("is refused by an update, and afterwards taken over as it runs", async () => {
    const [before, known, objects] = [await identities(), await tokens(), await objectsOf(STACK)];
    loseState();
    const refused = await fleet.tryRun("up", "--yes");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      `\`npm run adopt -- --stack ${STACK}\` takes them over. If they are left over, remove them: docker rm --force`,
    );
    const state = readFileSync(stateFile(), "utf8");
    const unconfirmed = await fleet.tryRun("adopt");
    expect(unconfirmed.code).toBe(1);
    expect(readFileSync(stateFile(), "utf8")).toBe(state);
    expect(unconfirmed.stderr).toContain("pass --yes to confirm");
    const printed = await fleet.run("adopt", "--yes");
    expect(printed).toContain("given a new one: carol");
    expect(await changes(AGENTS)).toEqual([]);
    expect(await identities()).toEqual(before);
    expect(await objectsOf(STACK)).toEqual(objects);
    const { carol, ...others } = await tokens();
    expect(known).toMatchObject(others);
    expect(carol).toMatch(/^[0-9a-f]{32}$/);
    expect(await fleet.run("adopt")).toContain("Nothing to adopt");
  });

  it.skipIf(!hasPulumi("adoption with the Pulumi CLI"))(
    "has nothing to change for the Pulumi CLI either",
    async () => {
      const { code, stdout } = await fleet.tryRun("preview", "--expect-no-changes", "--engine", "pulumi");
      expect(code, stdout).toBe(0);
    },
  );
});

describe("a fleet of which the state knows only a part", () => {
  it("gets the rest back as it is, and shows a container that was made by hand as a change", async () => {
    const [bob, alice] = [fleet.objectOf("bob"), fleet.objectOf("alice")];
    loseResources((urn) => /::bob(?:-|$)/.test(urn));
    await docker("rm", "--force", alice);
    const labels = [`agent-fleet.stack=${STACK}`, "agent-fleet.agent=alice", "made=by-hand"];
    const options = labels.flatMap((label) => ["--label", label]);
    options.push("--env", "BY_HAND=secret", "--stop-signal", "KILL", "--entrypoint", "sleep");
    await docker("run", "--detach", "--name", alice, ...options, CADDY, "600");
    const [before, known] = [await identities(), await tokens()];
    const printed = await fleet.run("adopt", "--yes");
    expect(printed).toMatch(/alice-gateway +differs: .*envs, .*image, .*labels/);
    // A variable may be a key: it is in the state encrypted, as the fleet's own are.
    expect(readFileSync(stateFile(), "utf8")).not.toContain("BY_HAND");
    expect(printed).toMatch(/bob-gateway +as the stack file asks for/);
    expect(printed).not.toContain("carol");
    expect([await identities(), await tokens()]).toEqual([before, known]);
    expect(await changes(AGENTS)).toEqual(["replace alice-gateway"]);
    // First by name, and still not given a slot that is taken.
    await fleet.up({ ...AGENTS, aaron: {} });
    expect(await identityOf(bob)).toEqual(before[bob]);
    expect((await identityOf(alice)).id).not.toBe(before[alice]?.id);
    expect(await tokens()).toMatchObject(known);
  });
});
