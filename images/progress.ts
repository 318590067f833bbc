import type { Log } from "../system/terminal.ts";

const PERIOD = 20_000;

/** Logs every 20 seconds which names are still pending. The work removes a name when it is done. */
export async function withProgress<Result>(
  { doing, names, log }: { doing: string; names: ReadonlySet<string>; log: Log },
  work: () => Promise<Result>,
): Promise<Result> {
  const started = Date.now();
  const timer = setInterval(() => {
    log(`Still ${doing} ${[...names].join(", ")} (${Math.round((Date.now() - started) / 1000)} s)`);
  }, PERIOD);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
