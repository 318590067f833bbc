/** How operations on resources are shown: a line when one ends, and a heartbeat while one takes long. */
import type { Change, Event, Operation } from "pulumi-embedded-engine";
import { describeFailedStep } from "./failed-step.ts";

const SIGN: Readonly<Record<Operation, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  same: " ",
};
const DONE: Readonly<Record<Operation, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "unchanged",
};

const FIRST_HEARTBEAT_MS = 3_000;
const NEXT_HEARTBEAT_MS = 10_000;

/** `container` for `docker:index/container:Container`. */
const shortType = (type: string): string =>
  (type.split(":").at(-1) ?? type).replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

const lineOf = ({ op, type, name }: Change, end: string): string =>
  `  ${SIGN[op]} ${shortType(type).padEnd(15)} ${name.padEnd(26)} ${end}`;

/** A resource, and what there is to say of it. */
export const describeResource = ({ type, name }: Pick<Change, "type" | "name">, text: string): string =>
  `  ${shortType(type).padEnd(15)} ${name.padEnd(26)} ${text}`.trimEnd();

/** A change as a preview shows it. */
export function describeChange(change: Change): string {
  const note =
    change.retained === true
      ? "removed from the stack only; the data stays on the host"
      : change.op === "create" || change.changed.length === 0
        ? ""
        : `changes: ${change.changed.join(", ")}`;
  return lineOf(change, `${change.op}${note === "" ? "" : `  (${note})`}`).trimEnd();
}

export class ProgressDisplay {
  readonly #log: (line: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  readonly listen = (event: Event): void => {
    if (event.kind === "begin") this.#watch(event.change);
    else if (event.kind === "end") this.#finish(event.change, event.ms);
    else if (event.kind === "failed") {
      this.#unwatch(event.urn);
      this.#log(describeFailedStep(event.urn, event.message));
    } else if (event.kind === "skipped") {
      const { because } = event;
      const reason = because.startsWith("urn:") ? `of ${because.split("::").at(-1)}` : because;
      this.#log(`  . ${event.urn.split("::").at(-1)}: skipped because ${reason}`);
    } else if (event.kind === "unregistered") {
      this.#log(`  . ${event.name}: skipped because something that it needs was not created`);
    } else if (event.severity !== "debug" && event.text !== "") {
      this.#log(event.severity === "info" ? event.text : `${event.severity}: ${event.text}`);
    }
  };

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #watch(change: Change): void {
    const started = performance.now();
    const beat = (): void => {
      const seconds = Math.round((performance.now() - started) / 1000);
      const doing = change.op === "delete" ? "stopping" : "starting";
      this.#log(lineOf(change, `${doing} (${seconds} s)`));
      this.#timers.set(change.urn, setTimeout(beat, NEXT_HEARTBEAT_MS));
    };
    this.#timers.set(change.urn, setTimeout(beat, FIRST_HEARTBEAT_MS));
  }

  #unwatch(urn: string): void {
    clearTimeout(this.#timers.get(urn));
    this.#timers.delete(urn);
  }

  #finish(change: Change, ms: number): void {
    this.#unwatch(change.urn);
    const took = ms < 50 ? "" : ` in ${(ms / 1000).toFixed(1)} s`;
    this.#log(
      lineOf(change, change.retained === true ? "released (data volume kept)" : `${DONE[change.op]}${took}`),
    );
  }
}
