import { describe, expect, it } from "vitest";
import { withConnectionLoss } from "../../../../engine/providers/docker/connection-errors.ts";
import {
  InitError,
  OutcomeUnknownError,
  type ResourceProvider,
} from "../../../../engine/providers/resource-provider.ts";

const REMOTE = { host: "ssh://root@far.example.com" };

const hangUp = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });

const failing = (error: Error): ResourceProvider =>
  withConnectionLoss({
    inputs: {},
    create: () => Promise.reject(error),
    delete: () => Promise.reject(error),
  });

describe("a Docker daemon that stops answering", () => {
  it("leaves the outcome of the operation unknown", async () => {
    const provider = failing(hangUp);
    const existing = { id: "id", outputs: {} };
    for (const call of [provider.create({}, REMOTE), provider.delete?.(existing, REMOTE)]) {
      await expect(call).rejects.toThrow(OutcomeUnknownError);
      await expect(call).rejects.toThrow(/^ssh:\/\/root@far\.example\.com stopped answering/);
    }
  });

  it("keeps what was already created", async () => {
    const result = { id: "x", outputs: {} };
    const error: unknown = await failing(new InitError(hangUp.message, result, { cause: hangUp }))
      .create({}, REMOTE)
      .catch((each: unknown) => each);
    expect(error).toBeInstanceOf(InitError);
    expect(error).toMatchObject({ result, message: expect.stringMatching(/stopped answering/) });
  });

  it("is not blamed for a container that did not come up", async () => {
    const message = "not healthy within 5 s. Last log lines:\nconnect ECONNREFUSED 203.0.113.1:443";
    const error = new InitError(message, { id: "x", outputs: {} }, { cause: new Error(message) });
    await expect(failing(error).create({}, REMOTE)).rejects.toBe(error);
  });

  it("is not blamed for what Docker itself answered", async () => {
    const refusal = Object.assign(new Error("(HTTP code 409) conflict"), { statusCode: 409 });
    await expect(failing(refusal).create({}, REMOTE)).rejects.toBe(refusal);
  });
});
