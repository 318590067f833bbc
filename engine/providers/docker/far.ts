/** What can happen to a call because its Docker engine is another machine: it is lost, or only its answer is. */
import { UNREACHABLE, unlessEnded } from "../../../ssh/tunnel.ts";
import type { Properties } from "../../values.ts";
import { HalfMadeError, LostError, type ResourceKind } from "../provider.ts";
import { addressOf } from "./client.ts";

/** What sockets say, and HTTP of an exchange that ended early. Of a failure half-way only the words are left. */
const LOST = /socket hang up|ECONNRESET|ECONNREFUSED|EPIPE|ENOENT|ETIMEDOUT/;

function explained(error: unknown, provider: Properties): unknown {
  const { message } = error as Error;
  const isUnreachable = message.includes(UNREACHABLE);
  if (!isUnreachable && !LOST.test(message)) return error;
  const text = isUnreachable
    ? message
    : `${addressOf(provider)} stopped answering (${message}). Bring it back; the next run goes on from here.`;
  return error instanceof HalfMadeError ? new HalfMadeError(text, error.made) : new LostError(text);
}

/** The kind, saying which engine it was that has stopped answering. */
export function farAway(kind: ResourceKind): ResourceKind {
  const said =
    <A extends unknown[], R>(call: (...args: [...A, Properties]) => Promise<R>) =>
    async (...args: [...A, Properties]): Promise<R> => {
      try {
        return await unlessEnded(addressOf(args.at(-1) as Properties), call(...args));
      } catch (error) {
        throw explained(error, args.at(-1) as Properties);
      }
    };
  const { create, discard, update, delete: remove } = kind;
  return {
    ...kind,
    create: said(create),
    ...(discard && { discard: said(discard) }),
    ...(update && { update: said(update) }),
    ...(remove && { delete: said(remove) }),
  };
}
