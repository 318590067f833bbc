/** Serves a Pulumi program over gRPC, as the Pulumi CLI does. */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import engineRpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import resourceRpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { Listener } from "../events.ts";
import { engineService } from "./engine-service.ts";
import { ProgramHooks } from "./hooks.ts";
import { type MonitorHandlers, type ProgramInfo, resourceMonitor } from "./resource-monitor.ts";
import { UNLIMITED } from "./unary.ts";

export interface EngineServer {
  /** Of both services. */
  readonly address: string;
  close(): void;
}

export interface ServeOptions extends MonitorHandlers {
  readonly listen: Listener;
  /** Receives the hooks that the program registers. */
  readonly hooks?: ProgramHooks;
}

export async function serve(
  info: ProgramInfo,
  { listen, hooks = new ProgramHooks(), ...handlers }: ServeOptions,
): Promise<EngineServer> {
  const server = new Server(UNLIMITED);
  server.addService(resourceRpc.ResourceMonitorService, resourceMonitor(info, handlers, hooks));
  server.addService(engineRpc.EngineService, engineService(listen));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
  return {
    address: `127.0.0.1:${await promise}`,
    close() {
      hooks.close();
      server.forceShutdown();
    },
  };
}
