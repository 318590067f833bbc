/** What a run tells whoever watches it. */
export type Operation = "create" | "update" | "replace" | "delete" | "same";

export interface Change {
  readonly op: Operation;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** The inputs that differ. */
  readonly changed: readonly string[];
  /** Left as it is where it is: it only leaves the state. */
  readonly retained?: boolean;
}

export type Event =
  | { readonly kind: "begin"; readonly change: Change }
  | { readonly kind: "end"; readonly change: Change; readonly ms: number }
  | { readonly kind: "failed"; readonly urn: string; readonly message: string }
  | { readonly kind: "skipped"; readonly urn: string; readonly because: string }
  | {
      readonly kind: "message";
      readonly severity: "debug" | "info" | "warning" | "error";
      readonly text: string;
    };

export type Listener = (event: Event) => void;
