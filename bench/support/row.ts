/** A line of the result: a time, what it is compared with, and what was promised. */
import { hasPulumi } from "./machine.ts";
import type { Summary } from "./samples.ts";

export interface Row {
  readonly what: string;
  readonly time: Summary | undefined;
  readonly against?: { readonly what: string; readonly time: Summary | undefined };
  /** What both take with nothing to do: taken off before they are compared. */
  readonly without?: Summary | undefined;
  /** At most so many seconds, or so many times what it is compared with and some seconds more. */
  readonly target?: { readonly seconds: number } | { readonly ratio: number; readonly extraSeconds?: number };
}

export const HEADINGS = ["What", "Time", "Against", "Ratio", "Target", "Met"] as const;

const round = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

const timeText = ({ median, fastest, slowest }: Summary): string =>
  `${round(median)} s (${round(fastest)}–${round(slowest)})`;

const notMeasured = (): string => (hasPulumi() ? "not measured" : "skipped: no pulumi on PATH");

/** Less than this, in seconds, is noise where two times are subtracted from each other. */
const MEASURABLE = 0.15;

/** The ratio, and a note about it. */
function compare({ time, against, without, target }: Row): { ratio: number; note: string } | undefined {
  const other = against?.time;
  if (time === undefined || other === undefined) return undefined;
  if (target !== undefined && "ratio" in target && target.extraSeconds !== undefined) {
    const { extraSeconds } = target;
    return { ratio: (time.median - extraSeconds) / other.median, note: ` without ${extraSeconds} s` };
  }
  const start = without?.median ?? 0;
  if (without === undefined || other.median - start < MEASURABLE)
    return { ratio: time.median / other.median, note: "" };
  return {
    ratio: (time.median - start) / (other.median - start),
    note: ` without ${round(start)} s of start`,
  };
}

/** The row's cells, in the order of the headings. */
export function renderRow(row: Row): string[] {
  const { what, time, against, target } = row;
  const compared = compare(row);
  const reached = target === undefined || "ratio" in target ? compared?.ratio : time?.median;
  const limit = target === undefined ? undefined : "seconds" in target ? target.seconds : target.ratio;
  return [
    what,
    time === undefined ? notMeasured() : timeText(time),
    against === undefined
      ? ""
      : `${against.what}: ${against.time === undefined ? notMeasured() : timeText(against.time)}`,
    compared === undefined ? "" : `${compared.ratio.toFixed(2)}×${compared.note}`,
    target === undefined ? "" : `≤ ${"seconds" in target ? `${limit} s` : `${limit}×`}`,
    reached === undefined || limit === undefined ? "" : reached <= limit ? "yes" : "no",
  ];
}
