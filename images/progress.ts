const PERIOD = 20_000;

/** Says every 20 seconds which of the names are still open while the work goes on; the work takes names out as it ends. */
export async function withProgress<Result>(
  { doing, names, log }: { doing: string; names: ReadonlySet<string>; log(line: string): void },
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
