/** What a run reports to its caller. */
import type { Urn } from "./urn.ts";

export type Operation = "create" | "update" | "replace" | "delete" | "same";

export interface Change {
  readonly op: Operation;
  readonly urn: Urn;
  readonly type: string;
  readonly name: string;
  /** The inputs that differ. */
  readonly changed: readonly string[];
  /** It leaves the state but is not deleted. */
  readonly retained?: boolean;
}

export type Event =
  | { readonly kind: "begin"; readonly change: Change }
  | { readonly kind: "end"; readonly change: Change; readonly ms: number }
  | { readonly kind: "failed"; readonly urn: Urn; readonly message: string }
  /** `because` is the URN of a resource that failed, or a reason in words. */
  | { readonly kind: "skipped"; readonly urn: Urn; readonly because: string }
  /** The program could not register it, because something that it needs failed. */
  | { readonly kind: "unregistered"; readonly type: string; readonly name: string }
  | {
      readonly kind: "message";
      readonly severity: "debug" | "info" | "warning" | "error";
      readonly text: string;
    };

export type Listener = (event: Event) => void;
