import {
  ConnectionLostError,
  NOT_FOUND,
  UnreachableError,
  unlessStatus,
  withConnectionErrors,
} from "docker-connection";
import { describe, expect, it } from "vitest";

const ADDRESS = "tcp://far.example.com:2375";
const answer = (statusCode: number): Error => Object.assign(new Error("(HTTP code)"), { statusCode });

describe("a Docker daemon that stops answering", () => {
  it.each([
    ["socket hang up", "ECONNRESET"],
    ["connect ECONNREFUSED /tmp/x/docker.sock", "ECONNREFUSED"],
    ["write EPIPE", "EPIPE"],
  ])("is named if a call ends with: %s", async (message, code) => {
    const cause = Object.assign(new Error(message), { code });
    for (const error of [cause, new Error("the image could not be pulled", { cause })]) {
      const call = withConnectionErrors(ADDRESS, () => Promise.reject(error));
      await expect(call).rejects.toThrow(ConnectionLostError);
      await expect(call).rejects.toThrow(
        `${ADDRESS} stopped answering (${message}). Restore it; the next run continues from here.`,
      );
    }
  });

  it("is not blamed for what a container logged about its own connections", async () => {
    const error = new Error("not healthy. Last log lines:\nconnect ECONNREFUSED 203.0.113.1:443");
    await expect(withConnectionErrors(ADDRESS, () => Promise.reject(error))).rejects.toBe(error);
  });

  it("cannot be reached: the reason is kept", async () => {
    const cause = new UnreachableError(`${ADDRESS} cannot be reached: refused`);
    const error: unknown = await withConnectionErrors(ADDRESS, () => Promise.reject(cause)).catch(
      (each: unknown) => each,
    );
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ message: cause.message, cause });
  });

  it("is not blamed for what Docker itself answered", async () => {
    const refusal = Object.assign(new Error("exec: ENOENT"), { statusCode: 500, code: "ENOENT" });
    await expect(withConnectionErrors(ADDRESS, () => Promise.reject(refusal))).rejects.toBe(refusal);
  });
});

describe("an expected status", () => {
  it("is no error, and no other status is expected", async () => {
    await expect(unlessStatus([NOT_FOUND], () => Promise.reject(answer(404)))).resolves.toBeUndefined();
    await expect(unlessStatus([NOT_FOUND], () => Promise.reject(answer(409)))).rejects.toThrow("(HTTP code)");
    await expect(unlessStatus([NOT_FOUND], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await expect(unlessStatus([NOT_FOUND], async () => 1)).resolves.toBe(1);
  });
});
