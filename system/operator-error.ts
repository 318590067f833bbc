/** A failure that the operator can fix: printed as its message alone, without a stack trace. It must not contain a secret. */
export class OperatorError extends Error {
  override readonly name: string = "OperatorError";
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
