export interface Interrupts {
  /** Called once, at the first Ctrl-C or SIGTERM. */
  readonly onInterrupt: () => void;
  /** Whether the work has to be aborted; false if the signal reaches it anyway. Default: always. */
  readonly mustAbort?: (signal: NodeJS.Signals) => boolean;
}

/** Runs work with a signal that Ctrl-C and SIGTERM abort, so that it can end in order. A second Ctrl-C ends the process. */
export async function interruptible<Result>(
  { onInterrupt, mustAbort = () => true }: Interrupts,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    onInterrupt();
    if (mustAbort(signal)) abort.abort();
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    return await work(abort.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
