/** What a container uses by one of Docker's samples, also of one that is paused, which runs no command. */

/** An answer of `/containers/ID/stats`, as far as it is read. */
export interface Sample {
  readonly memory_stats: {
    readonly usage?: number;
    /** By version 1 of control groups only. */
    readonly max_usage?: number;
    readonly stats?: { readonly total_inactive_file?: number; readonly inactive_file?: number };
  };
}

export interface Usage {
  /** Bytes, without what the kernel could drop at once, as `docker stats` counts it. */
  readonly memory: number | null;
  /** Bytes. */
  readonly peakMemory: number | null;
}

export function usageOf({ memory_stats: { usage, max_usage: peak, stats } }: Sample): Usage {
  const inactive = stats?.total_inactive_file ?? stats?.inactive_file ?? 0;
  return {
    memory: usage === undefined ? null : usage - (inactive < usage ? inactive : 0),
    peakMemory: peak ?? null,
  };
}
