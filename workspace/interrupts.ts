export interface Interrupts {
  /** Called once, at the first Ctrl-C or SIGTERM. */
  readonly onInterrupt: () => void;
  /** Whether the work has to be aborted; false if the signal reaches it anyway. Default: always. */
  readonly mustAbort?: (signal: NodeJS.Signals) => boolean;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs work with a signal that Ctrl-C and SIGTERM abort, so that it can end in order. A second one ends the process. */
export async function interruptible<Result>(
  { onInterrupt, mustAbort = () => true }: Interrupts,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  let isInterrupted = false;
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
  // Not `once`: without a listener left, the libraries that clean up on exit take the first signal for the end of this process.
  const interrupt = (signal: NodeJS.Signals): void => {
    if (isInterrupted) {
      stop();
      process.kill(process.pid, signal);
      return;
    }
    isInterrupted = true;
    onInterrupt();
    if (mustAbort(signal)) abort.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(abort.signal);
  } finally {
    stop();
  }
}
