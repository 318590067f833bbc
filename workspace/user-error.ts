/** Something that the operator can put right: printed as it is, without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}
