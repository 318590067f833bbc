/** The plan's numbers, put to the test: as many real gateways as it places on a host, in as much memory as the host has. */
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heldMb, recipesOf, start, untilStarted } from "../support/gateway/recipes.ts";
import { createMemoryGroup, type MemoryGroup } from "../support/hosts/memory-group.ts";
import { removeObjects } from "../support/hosts/objects.ts";
import { lane } from "../support/project/project.ts";
import { TestFleet } from "../support/project/test-fleet.ts";

const STACK = "sizing";
const LANE = 40;
const MEMORY_MB = 4096;
/** A gateway counts as idle only once it has finished what it does after it has started. */
const SETTLE_MS = 90_000;

interface Plan {
  readonly hosts: {
    readonly local: { readonly use: { readonly memory: { readonly used: number; readonly of: number } } };
  };
}

const docker = new Docker();
const { CgroupDriver } = (await docker.info()) as { CgroupDriver: string };

describe.skipIf(CgroupDriver !== "cgroupfs" || process.getuid?.() !== 0)(
  "the largest fleet that the plan places in 4 GiB",
  () => {
    const { local } = lane(LANE).hosts as { local: object };
    const roster = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`agent-${index}`, {}]));
    let fleet: TestFleet;
    let group: MemoryGroup;
    let plan: Plan;
    let count = 0;
    const ids: string[] = [];

    beforeAll(async () => {
      fleet = await TestFleet.open(STACK, LANE, { hosts: { local: { ...local, memoryMb: MEMORY_MB } } });
      const planOf = async (agents: number): Promise<Plan> => {
        fleet.configure(roster(agents));
        return JSON.parse(await fleet.run("plan", "--json")) as Plan;
      };
      try {
        for (;;) {
          plan = await planOf(count + 1);
          count++;
        }
      } catch (error) {
        if (!String(error).includes("no capacity")) throw error;
      }
      await fleet.up(roster(count));
      const recipes = await recipesOf(STACK);
      await removeObjects(STACK);
      group = createMemoryGroup(`agent-fleet-${STACK}`, MEMORY_MB);
      await Promise.all(
        recipes.map(async (recipe) => {
          const { HostConfig } = recipe.container;
          const inGroup = { ...recipe.container, HostConfig: { ...HostConfig, CgroupParent: group.parent } };
          ids.push(await start({ ...recipe, container: inGroup }));
          await untilStarted(recipe.address);
        }),
      );
      await sleep(SETTLE_MS);
    });

    afterAll(async () => {
      await removeObjects(STACK);
      await fleet?.remove();
      group?.remove();
    });

    it("is five agents of the class light, and one more is refused", async () => {
      expect(count).toBe(5);
      fleet.configure(roster(count + 1));
      await expect(fleet.run("plan", "--json")).rejects.toThrow(
        /agents\.agent-5\n.*no capacity: an agent of class light takes \d+ MiB reserved.*; local has most to spare: \d+ MiB reserved/,
      );
    });

    it("starts all at once, and no process is killed for memory", async () => {
      const states = await Promise.all(ids.map((id) => docker.getContainer(id).inspect()));
      expect(states.map(({ State, RestartCount }) => [State.Running, State.OOMKilled, RestartCount])).toEqual(
        ids.map(() => [true, false, 0]),
      );
      expect(states.map(({ HostConfig }) => HostConfig.CgroupParent)).toEqual(ids.map(() => group.parent));
      expect(group.kills()).toBe(0);
    });

    it("uses what the plan reserves for it, within 15 %", async () => {
      const held = await Promise.all(ids.map(heldMb));
      const { used, of } = plan.hosts.local.use.memory;
      const ratio = used / held.reduce((sum, each) => sum + each, 0);
      expect({ ratio, held, isWithin: Math.abs(ratio - 1) <= 0.15 }).toMatchObject({ isWithin: true });
      expect(used).toBeLessThanOrEqual(of);
    });
  },
);
