import { connectionLoss } from "docker-connection";
import { untilTunnelEnds } from "docker-connection/tunnel";
import type { Properties } from "../../values.ts";
import { InitError, OutcomeUnknownError, type ResourceProvider } from "../resource-provider.ts";
import { addressOf } from "./connection.ts";

/** The provider, reporting a lost connection as an unknown outcome that names the daemon. */
export function withConnectionLoss(provider: ResourceProvider): ResourceProvider {
  const { create, find, cleanUp, update, delete: remove } = provider;
  return {
    ...provider,
    create: guarded(create),
    ...(find && { find: guarded(find) }),
    ...(cleanUp && { cleanUp: guarded(cleanUp) }),
    ...(update && { update: guarded(update) }),
    ...(remove && { delete: guarded(remove) }),
  };
}

const guarded =
  <Subject, Result>(call: (subject: Subject, configuration: Properties) => Promise<Result>) =>
  async (subject: Subject, configuration: Properties): Promise<Result> => {
    const address = addressOf(configuration);
    try {
      return await untilTunnelEnds(address, call(subject, configuration));
    } catch (error) {
      throw translated(error, address);
    }
  };

function translated(error: unknown, address: string): unknown {
  const loss = connectionLoss(address, error);
  if (loss === undefined) return error;
  // What exists already is known, even if the connection was lost afterwards.
  return error instanceof InitError
    ? new InitError(loss.message, error.result, { cause: loss })
    : new OutcomeUnknownError(loss.message, { cause: loss });
}
