/** Pulumi's `Engine` service: where the program logs. */
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import type { Listener } from "../events.ts";
import { empty, unary } from "./unary.ts";

/** By the number of the protocol's `LogSeverity`. */
const SEVERITIES = ["debug", "info", "warning", "error"] as const;

export function engineService(listen: Listener): UntypedServiceImplementation {
  let stackUrn = "";
  return {
    log: unary((request: engineProto.LogRequest) => {
      const severity = SEVERITIES[request.getSeverity()] ?? "info";
      listen({ kind: "message", severity, text: request.getMessage() });
      return empty();
    }),
    getRootResource: unary(() => {
      const response = new engineProto.GetRootResourceResponse();
      response.setUrn(stackUrn);
      return response;
    }),
    setRootResource: unary((request: engineProto.SetRootResourceRequest) => {
      stackUrn = request.getUrn();
      return new engineProto.SetRootResourceResponse();
    }),
    startDebugging: unary(empty),
    requirePulumiVersion: unary(() => new engineProto.RequirePulumiVersionResponse()),
  };
}
