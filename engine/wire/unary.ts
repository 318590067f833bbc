import { type handleUnaryCall, status } from "@grpc/grpc-js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { unsupported } from "../messages.ts";

/** No message is too long: an input can hold a configuration file that grows with the program. */
export const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

export const empty = (): emptyProto.Empty => new emptyProto.Empty();

/** A gRPC handler from a function; the program receives what the function throws. */
export const unary =
  <Request, Response>(
    work: (request: Request) => Promise<Response> | Response,
  ): handleUnaryCall<Request, Response> =>
  (call, done) => {
    // A handler that throws must answer, or the program waits for ever.
    Promise.resolve()
      .then(() => work(call.request))
      .then(
        (response) => done(null, response),
        (error: Error) => done({ code: status.UNKNOWN, details: error.message }),
      );
  };

export const refuse = <Request, Response>(what: string): handleUnaryCall<Request, Response> =>
  unary(() => {
    throw new Error(unsupported(what));
  });
