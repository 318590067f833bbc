/** What takes its time: an action runs for a while, and only its end has the effect. */
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "./refusal.ts";

export interface Resource {
  readonly id: number;
  readonly type: string;
}

export interface Action {
  readonly id: number;
  readonly command: string;
  status: "running" | "success" | "error";
  progress: number;
  readonly started: string;
  finished: string | null;
  error: { code: string; message: string } | null;
  readonly resources: readonly Resource[];
}

export interface ActionFailure {
  readonly code: string;
  readonly message: string;
}

interface Begin {
  readonly command: string;
  readonly resources: readonly Resource[];
  /** What it does, at its end; the action succeeds when this has. */
  readonly work?: () => unknown;
  /** What has to end before it begins. */
  readonly after?: Action;
  /** Done when it is begun, as changes of mere records are. */
  readonly instant?: boolean;
  /** Whether other actions on the same server or volume are refused meanwhile. */
  readonly locks?: boolean;
}

export class Actions {
  readonly all: Action[] = [];
  readonly #nextId: () => number;
  readonly #ms: (command: string) => number;
  readonly #failures = new Map<string, ActionFailure[]>();
  readonly #ends = new Map<Action, Promise<void>>();
  readonly #locks = new Set<Action>();
  readonly #closing = new AbortController();

  constructor(nextId: () => number, ms: (command: string) => number) {
    this.#nextId = nextId;
    this.#ms = ms;
  }

  /** The next action of this name ends in an error, without effect. */
  fail(command: string, failure: ActionFailure): void {
    this.#failures.set(command, [...(this.#failures.get(command) ?? []), failure]);
  }

  isLocked({ type, id }: Resource): boolean {
    return [...this.#locks].some(({ resources }) =>
      resources.some((each) => each.type === type && each.id === id),
    );
  }

  refuseLocked(resource: Resource): void {
    if (!this.isLocked(resource)) return;
    throw new Refusal("locked", `${resource.type} is locked (another action is running)`);
  }

  begin({ command, resources, work, after, instant = false, locks = true }: Begin): Action {
    const action: Action = {
      id: this.#nextId(),
      command,
      status: "running",
      progress: 0,
      started: new Date().toISOString(),
      finished: null,
      error: null,
      resources,
    };
    this.all.push(action);
    if (instant) {
      work?.();
      this.#finish(action);
    } else {
      if (locks) this.#locks.add(action);
      this.#ends.set(action, this.#run(action, work, after));
    }
    return action;
  }

  async #run(action: Action, work?: () => unknown, after?: Action): Promise<void> {
    try {
      if (after) await this.#ends.get(after);
      if (after?.status === "error") throw new Error(`${after.command} has failed`);
      await this.#wait(action);
      const failure = this.#failures.get(action.command)?.shift();
      if (failure) throw new Refusal(failure.code, failure.message);
      await work?.();
      this.#finish(action);
    } catch (error) {
      const { message } = error as Error;
      this.#finish(action, { code: error instanceof Refusal ? error.code : "action_failed", message });
    } finally {
      this.#ends.delete(action);
      this.#locks.delete(action);
    }
  }

  async #wait(action: Action): Promise<void> {
    const ms = this.#ms(action.command);
    const began = Date.now();
    const progress = setInterval(
      () => {
        action.progress = Math.min(99, Math.floor((100 * (Date.now() - began)) / ms));
      },
      Math.max(1, ms / 10),
    );
    const { signal } = this.#closing;
    await sleep(ms, undefined, { signal }).finally(() => clearInterval(progress));
  }

  #finish(action: Action, error: ActionFailure | null = null): void {
    action.status = error ? "error" : "success";
    action.error = error;
    action.progress = 100;
    action.finished = new Date().toISOString();
  }

  /** Ends what runs, and waits for the callbacks that it is in. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#ends.values());
  }
}
