/**
 * `npm run footprint -- [IMAGE]`: what an image's gateway needs. It runs the real gateway in the fleet's own container, with a
 * stand-in for the model and a real browser; what it prints last is the record for `openclaw/footprint.ts`. About half an hour.
 */
import { parseArgs } from "node:util";
import { DEFAULT_CLASSES } from "../fleet/config/class.ts";
import { LABELS } from "../fleet/names.ts";
import { table } from "../report/table.ts";
import { hasBrowser } from "../tests/support/browser/browser.ts";
import { launchTrusting } from "../tests/support/browser/control-ui.ts";
import { Model } from "../tests/support/gateway/model.ts";
import { type Recipe, recipesOf } from "../tests/support/gateway/recipes.ts";
import { createFleet, type Fleet } from "./support/fleet.ts";
import {
  type AtRest,
  type Bench,
  measureAtRest,
  measureWithUi,
  tryUnderLimit,
  type UnderLimit,
} from "./support/footprint/scenarios.ts";
import { settledMb } from "./support/footprint/subject.ts";
import { docker, sweep } from "./support/raw-docker.ts";

const STACK = "bench-footprint";
const LIMITS = [704, 1024, 1152, 1280, 1408, 1536, 1664, 1792, 2048, 4096] as const;
/** What a gateway holds depends on its limit, because its heap does: the class that agents have by default. */
const CLASS = "standard";
const LIMIT = DEFAULT_CLASSES[CLASS].memoryMb;
/** As on a host. */
const TOGETHER = 4;

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const mib = (amount: number): string => `${amount} MiB`;

interface Measured {
  readonly image: string;
  readonly togetherMb: number;
  readonly rest: AtRest;
  readonly withUiMb: number;
  readonly underLimits: readonly UnderLimit[];
}

/** What one of the fleet's gateways holds at rest: they share the pages of their image. */
async function idleTogetherMb(recipes: readonly Recipe[]): Promise<number> {
  const held = await Promise.all(recipes.map(({ container }) => settledMb(container.Id)));
  return Math.round(held.reduce((sum, each) => sum + each, 0) / held.length);
}

async function measure(fleet: Fleet, limits: readonly number[]): Promise<Measured> {
  const [recipe, ...others] = await recipesOf(STACK);
  if (recipe === undefined) throw new Error("the fleet has no gateway");
  const agent = recipe.container.Config.Labels[LABELS.agent] ?? "";
  log(`${TOGETHER} gateways together`);
  const togetherMb = await idleTogetherMb([recipe, ...others]);
  log(mib(togetherMb));
  for (const { container } of others) await docker("rm", "--force", container.Name.slice(1));
  const model = await Model.start(STACK, [recipe]);
  const authority = await fleet.embedded("ca");
  const browser = await launchTrusting(fleet.url(agent), authority);
  const bench: Bench = { model, browser, authority, login: () => fleet.embedded("login", agent) };
  try {
    const underLimits: UnderLimit[] = [];
    for (const limitMb of limits) {
      log(`one with ${mib(limitMb)}`);
      const result = await tryUnderLimit(bench, recipe, limitMb);
      log(JSON.stringify(result));
      underLimits.push(result);
    }
    log("one with the Control UI open");
    const withUiMb = await measureWithUi(bench, recipe, LIMIT);
    log(mib(withUiMb));
    log("one at rest and in a turn");
    const rest = await measureAtRest(bench, recipe, LIMIT);
    log(JSON.stringify(rest));
    return { image: recipe.container.Config.Image, togetherMb, rest, withUiMb, underLimits };
  } finally {
    await browser.close();
  }
}

function print({ image, togetherMb, rest, withUiMb, underLimits }: Measured): void {
  const sorted = underLimits.toSorted((a, b) => a.limitMb - b.limitMb);
  const minimumMb = sorted[sorted.findLastIndex(({ killed }) => killed !== undefined) + 1]?.limitMb;
  const limits = sorted.map(({ limitMb, killed, peakMb }) => [
    mib(limitMb),
    killed === undefined ? "holds" : `killed ${killed}`,
    mib(peakMb),
  ]);
  const amounts = [
    ["Peak while starting", mib(rest.startMb)],
    ["Idle", mib(rest.idleMb)],
    [`Idle, each of ${TOGETHER} together`, mib(togetherMb)],
    ["CPU time when idle", `${rest.idleCpuMs} ms a second`],
    ["A login adds", mib(rest.loginMb)],
    ["Peak in a first turn", mib(rest.turnMb)],
    ["The same with the Control UI open", mib(withUiMb)],
    ["Idle again", mib(rest.afterTurnMb)],
  ];
  const text = [
    table([["Limit", "First turn in the Control UI, with a login during it", "Peak"], ...limits]),
    table([[`With a limit of ${mib(LIMIT)}`, ""], ...amounts]),
    `{ image: "${image}", minimumMb: ${minimumMb}, startMb: ${rest.startMb}, idleMb: ${togetherMb}, turnMb: ${withUiMb}, loginMb: ${rest.loginMb}, idleCpuMs: ${rest.idleCpuMs} }`,
  ];
  process.stdout.write(`${text.join("\n\n")}\n`);
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { limits: { type: "string", default: LIMITS.join(",") } },
  });
  const [image] = positionals;
  if (!hasBrowser("The footprint cannot be measured")) process.exit(1);
  const agents = Array.from({ length: TOGETHER }, (_, index) => `agent-${index}`);
  const fleet = createFleet(STACK, agents, {
    defaults: { class: CLASS, startSeconds: 600 },
    ...(image === undefined ? {} : { image }),
  });
  try {
    // A run that was killed leaves its stack behind.
    await sweep(STACK);
    await fleet.embedded("up", "--yes");
    print(await measure(fleet, values.limits.split(",").map(Number)));
  } finally {
    await fleet.remove();
  }
}

await main();
