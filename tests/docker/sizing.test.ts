/**
 * The plan's numbers, put to the test: as many real gateways as it places on a host, in as much memory as the host has, and as
 * many of them in a turn as it provides for.
 */
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LABELS } from "../../fleet/names.ts";
import { footprintOf } from "../../openclaw/footprint.ts";
import { hasBrowser } from "../support/browser/browser.ts";
import { expectShown, launchTrusting, openConnected, send } from "../support/browser/control-ui.ts";
import { settingsOf } from "../support/fleets.ts";
import { GatewayConnection } from "../support/gateway/connection.ts";
import { ANSWER, Model } from "../support/gateway/model.ts";
import { heldMb, type Recipe, recipesOf, replace, untilStarted } from "../support/gateway/recipes.ts";
import { createMemoryGroup, type MemoryGroup } from "../support/hosts/memory-group.ts";
import { removeObjects } from "../support/hosts/objects.ts";
import { lane } from "../support/project/project.ts";
import { TestFleet } from "../support/project/test-fleet.ts";

const STACK = "sizing";
const LANE = 40;
const MEMORY_MB = 4096;
/** A gateway counts as idle only once it has finished what it does after it has started. */
const SETTLE_MS = 90_000;
/** How long a gateway may take to give back what it held while it started. */
const PATIENCE_MS = 600_000;
const SAMPLE_MS = 250;
const MESSAGE = "Hello, who are you?";
/** How far what gateways hold may be from what was measured. */
const TOLERANCE = 0.15;

interface Plan {
  readonly hosts: {
    readonly local: { readonly use: { readonly memory: { readonly used: number; readonly of: number } } };
  };
}

interface Conversation {
  /** Sends a first message. */
  send(): Promise<void>;
  /** @throws unless the model's answer arrives */
  isAnswered(): Promise<void>;
}

const docker = new Docker();
const { CgroupDriver } = (await docker.info()) as { CgroupDriver: string };
const CAN_OPEN = hasBrowser("Turns are tried without the Control UI");

const { image, sizing } = settingsOf();
const { idleMb, turnMb } = footprintOf(image);

describe.skipIf(CgroupDriver !== "cgroupfs" || process.getuid?.() !== 0)(
  "the largest fleet that the plan places in 4 GiB",
  () => {
    const { local } = lane(LANE).hosts as { local: object };
    const roster = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`agent-${index}`, {}]));
    let fleet: TestFleet;
    let group: MemoryGroup;
    let model: Model;
    let plan: Plan;
    let count = 0;
    let recipes: Recipe[];
    let ids: string[];
    /** Of each, until all had started: on a very busy machine a gateway may refuse to start, for another reason than memory. */
    let restarts: number[];
    const opened: (() => Promise<void>)[] = [];

    /** MiB, of each gateway. */
    const held = (): Promise<number[]> => Promise.all(ids.map(heldMb));
    const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);

    const inspected = (): Promise<Docker.ContainerInspectInfo[]> =>
      Promise.all(ids.map((id) => docker.getContainer(id).inspect()));

    /** @throws where a gateway was killed for memory, or anything in one, or has ended since all of them had started */
    async function expectNothingKilled(): Promise<void> {
      const states = await inspected();
      expect(states.map(({ State, RestartCount }) => [State.Running, State.OOMKilled, RestartCount])).toEqual(
        restarts.map((count) => [true, false, count]),
      );
      expect(states.map(({ HostConfig }) => HostConfig.CgroupParent)).toEqual(ids.map(() => group.parent));
      expect(group.kills()).toBe(0);
    }

    /** As the agent's user, who has logged in. */
    async function openConversation({ container }: Recipe, inBrowser: boolean): Promise<Conversation> {
      const agent = container.Config.Labels[LABELS.agent] ?? "";
      const authority = await fleet.run("ca");
      const link = (await fleet.run("login", agent)).trim();
      if (inBrowser) {
        const browser = await launchTrusting(fleet.url(agent), authority);
        opened.push(() => browser.close());
        const page = await openConnected(browser, link);
        return {
          send: () => send(page, MESSAGE),
          isAnswered: () => expectShown(page, page.getByText(ANSWER)),
        };
      }
      const connection = await GatewayConnection.open(link, authority);
      opened.push(async () => connection.close());
      const answer = Promise.withResolvers<string>();
      return {
        send: async () => void connection.converse(MESSAGE).then(answer.resolve, answer.reject),
        isAnswered: async () => expect(await answer.promise).toBe(ANSWER),
      };
    }

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
      recipes = await recipesOf(STACK);
      model = await Model.start(STACK, recipes);
      group = createMemoryGroup(`agent-fleet-${STACK}`, MEMORY_MB);
      ids = await Promise.all(
        recipes.map(async (recipe) => {
          const { container } = model.of(recipe);
          const HostConfig = { ...container.HostConfig, CgroupParent: group.parent };
          const id = await replace({ ...recipe, container: { ...container, HostConfig } });
          await untilStarted(recipe.address);
          return id;
        }),
      );
      restarts = (await inspected()).map(({ RestartCount }) => RestartCount);
      await sleep(SETTLE_MS);
    }, 1_200_000);

    afterAll(async () => {
      for (const close of opened) await close();
      await removeObjects(STACK);
      await fleet?.remove();
      group?.remove();
    });

    it("is three agents of the class light, and one more is refused", async () => {
      expect(count).toBe(3);
      fleet.configure(roster(count + 1));
      await expect(fleet.run("plan", "--json")).rejects.toThrow(
        /agents\.agent-3\n.*no capacity: an agent of class light takes \d+ MiB reserved.*; local has most to spare: \d+ MiB reserved/,
      );
    });

    it("starts all at once, and no process is killed for memory", expectNothingKilled);

    it("holds when idle no more than the plan reserves, and no less than four fifths of what was measured", async () => {
      // What a gateway held while it started is given back when its heap is next cleaned, later on a busy machine.
      const settled = async () => {
        const each = await held();
        const isReserved = sum(each) <= plan.hosts.local.use.memory.used;
        return { each, isReserved, isAsMeasured: sum(each) >= 0.8 * count * idleMb };
      };
      await expect
        .poll(settled, { timeout: PATIENCE_MS, interval: 15_000 })
        .toMatchObject({ isReserved: true, isAsMeasured: true });
    });

    it("holds the busy share of turns at once, within 15 % of what the plan reserves", async () => {
      const busy = recipes.slice(0, Math.ceil(sizing.busyShare * count));
      // Turns are whole: what a part of one is short of comes out of the system's reserve.
      const rest = (busy.length - sizing.busyShare * count) * (turnMb - idleMb);
      const conversations: Conversation[] = [];
      for (const [index, recipe] of busy.entries())
        conversations.push(await openConversation(recipe, CAN_OPEN && index === 0));
      await model.hold();
      let most: number[] = [];
      let isOver = false;
      const watch = async (): Promise<void> => {
        while (!isOver) {
          const each = await held();
          if (sum(each) > sum(most)) most = each;
          await sleep(SAMPLE_MS);
        }
      };
      const watching = watch();
      try {
        await Promise.all(conversations.map((conversation) => conversation.send()));
        await model.untilInProgress(busy);
        await model.release();
        await Promise.all(conversations.map((conversation) => conversation.isAnswered()));
      } finally {
        isOver = true;
        await watching;
        // First, because a turn of a gateway that was killed fails in many ways.
        await expectNothingKilled();
      }
      const { used, of } = plan.hosts.local.use.memory;
      expect(used).toBeLessThanOrEqual(of);
      const isWithin = sum(most) <= (used + rest) * (1 + TOLERANCE);
      expect({ used, rest, most, isWithin }).toMatchObject({ isWithin: true });
    });
  },
);
