/** The program's resource hooks: functions in its process that this engine calls back. */
import { credentials } from "@grpc/grpc-js";
import callbackRpc from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import callbackProto from "@pulumi/pulumi/proto/callback_pb.js";
import resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import type { RunHooks } from "../execute.ts";
import { nameOf } from "../urn.ts";
import { toStruct } from "./struct.ts";
import { UNLIMITED } from "./unary.ts";

export class ProgramHooks {
  readonly #hooks = new Map<string, resourceProto.RegisterResourceHookRequest>();
  readonly #clients = new Map<string, callbackRpc.CallbacksClient>();

  register(request: resourceProto.RegisterResourceHookRequest): void {
    this.#hooks.set(request.getName(), request);
  }

  readonly run: RunHooks = async (names, { urn, id, inputs, outputs }) => {
    if (names.length === 0) return;
    const request = new resourceProto.ResourceHookRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setName(nameOf(urn));
    request.setNewInputs(toStruct(inputs));
    request.setNewOutputs(toStruct(outputs));
    for (const name of names) await this.#call(name, request.serializeBinary());
  };

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #call(name: string, request: Uint8Array): Promise<void> {
    const hook = this.#hooks.get(name);
    const callback = hook?.getCallback();
    if (hook === undefined || callback === undefined) {
      throw new Error(`the program has no hook named ${name}`);
    }
    const call = new callbackProto.CallbackInvokeRequest();
    call.setToken(callback.getToken());
    call.setRequest(request);
    const { promise, resolve, reject } = Promise.withResolvers<callbackProto.CallbackInvokeResponse>();
    this.#client(callback.getTarget()).invoke(call, (error, response) =>
      error === null ? resolve(response) : reject(error),
    );
    const response = (await promise).getResponse_asU8();
    const error = resourceProto.ResourceHookResponse.deserializeBinary(response).getError();
    if (error !== "" && !hook.getIgnoreErrors()) throw new Error(error);
  }

  #client(target: string): callbackRpc.CallbacksClient {
    const known = this.#clients.get(target);
    if (known !== undefined) return known;
    const client = new callbackRpc.CallbacksClient(target, credentials.createInsecure(), UNLIMITED);
    this.#clients.set(target, client);
    return client;
  }
}
