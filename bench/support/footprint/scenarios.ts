/** What a gateway is measured at: waiting, in a turn, with the Control UI open, and with all at once under a limit. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { expectShown, openConnected, send } from "../../../tests/support/browser/control-ui.ts";
import { GatewayConnection } from "../../../tests/support/gateway/connection.ts";
import { ANSWER, type Model } from "../../../tests/support/gateway/model.ts";
import { heldMb, type Recipe } from "../../../tests/support/gateway/recipes.ts";
import { containerSeconds } from "../cpu.ts";
import { Killed, peakDuring, settledMb, startAnew } from "./subject.ts";

/** For how long CPU time is counted. */
const CPU_MS = 60_000;
const MESSAGE = "Hello, who are you?";

/** What it is measured with. */
export interface Bench {
  readonly model: Model;
  readonly browser: Browser;
  /** The ingress's own. */
  readonly authority: string;
  /** `npm run login` for the gateway that is measured. */
  login(): Promise<string>;
}

export interface AtRest {
  readonly startMb: number;
  readonly idleMb: number;
  /** CPU time in a second, ms. */
  readonly idleCpuMs: number;
  /** What a login adds to what an idle gateway holds. */
  readonly loginMb: number;
  readonly turnMb: number;
  /** Idle again, after the turn. */
  readonly afterTurnMb: number;
}

/** A gateway without a user, then one whose user has no page open. */
export async function measureAtRest(bench: Bench, recipe: Recipe, limitMb: number): Promise<AtRest> {
  const { id, startMb } = await startAnew(recipe, bench.model, limitMb);
  const idleMb = await settledMb(id);
  const before = await containerSeconds([id]);
  await sleep(CPU_MS);
  const idleCpuMs = Math.round(((await containerSeconds([id])) - before) / (CPU_MS / 1e6));
  const heldBefore = await heldMb(id);
  const { result: link, peakMb } = await peakDuring(id, () => bench.login());
  const connection = await GatewayConnection.open(link, bench.authority);
  try {
    const { peakMb: turnMb } = await peakDuring(id, () => connection.converse(MESSAGE));
    const afterTurnMb = await settledMb(id);
    return { startMb, idleMb, idleCpuMs, loginMb: peakMb - heldBefore, turnMb, afterTurnMb };
  } finally {
    connection.close();
  }
}

/** The most that a gateway holds in its first turn, which its user sends in the Control UI. */
export async function measureWithUi(bench: Bench, recipe: Recipe, limitMb: number): Promise<number> {
  const { id } = await startAnew(recipe, bench.model, limitMb);
  return withPage(bench, async (page) => {
    const { peakMb } = await peakDuring(id, async () => {
      await send(page, MESSAGE);
      await expectShown(page, page.getByText(ANSWER));
    });
    return peakMb;
  });
}

export interface UnderLimit {
  readonly limitMb: number;
  /** Up to where it came; undefined where nothing in it was killed. */
  readonly killed: string | undefined;
  /** The most that it held; of one that was killed, the most that was seen before. */
  readonly peakMb: number;
}

/**
 * A first turn in the Control UI, a login while it begins, and another one while the model answers.
 *
 * @throws where it fails for another reason than memory
 */
export async function tryUnderLimit(bench: Bench, recipe: Recipe, limitMb: number): Promise<UnderLimit> {
  const { model } = bench;
  let stage = "while it starts";
  let mostMb = 0;
  try {
    const { id, startMb } = await startAnew(recipe, model, limitMb);
    mostMb = startMb;
    stage = "at a login";
    const { peakMb } = await peakDuring(id, (signal) =>
      withPage(bench, async (page) => {
        stage = "in its first turn, with a login during it";
        await model.hold();
        await send(page, MESSAGE);
        await Promise.all([bench.login(), model.untilInProgress([recipe], signal)]);
        signal.throwIfAborted();
        await bench.login();
        await model.release();
        await expectShown(page, page.getByText(ANSWER));
      }),
    );
    return { limitMb, killed: undefined, peakMb: Math.max(mostMb, peakMb) };
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return { limitMb, killed: stage, peakMb: Math.max(mostMb, error.peakMb) };
  } finally {
    await model.release();
  }
}

async function withPage<T>({ browser, login }: Bench, work: (page: Page) => Promise<T>): Promise<T> {
  const page = await openConnected(browser, await login());
  try {
    return await work(page);
  } finally {
    await page.context().close();
  }
}
