import { describeFailure, explainFailure } from "../fleet/failures/explain.ts";
import { OperatorError } from "../system/operator-error.ts";

/** Failures that the operator can fix, from layers that may not depend on `OperatorError`. */
const EXPECTED: ReadonlySet<string> = new Set([
  // fleet/
  "FleetError",
  // The packages docker-connection and engine/
  "CommandFailedError",
  "ConnectionLostError",
  "LockedError",
  "UnreachableError",
  "UnreadableCheckpointError",
  "UnsupportedError",
  "WrongPassphraseError",
]);

/**
 * The message alone of a failure that the operator can fix, and a known failure of Docker or SSH explained; of any other error the
 * stack trace, because it is a defect.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isExpected = error instanceof OperatorError || EXPECTED.has(error.name);
  if (isExpected) return error.message;
  return explainFailure(error.message) === undefined
    ? (error.stack ?? error.message)
    : describeFailure(error.message);
}
