import { describe, expect, it } from "vitest";
import { farAway } from "../../engine/providers/docker/far.ts";
import { HalfMadeError, LostError, type ResourceKind } from "../../engine/providers/provider.ts";
import { finishInterrupted } from "../../engine/repair.ts";
import type { PendingOperation, ResourceState } from "../../engine/state/checkpoint.ts";
import { openTunnel } from "../../ssh/tunnel.ts";

const PROVIDER = { host: "ssh://root@far.example.com" };

const failing = (error: Error): ResourceKind =>
  farAway({ inputs: {}, create: () => Promise.reject(error), delete: () => Promise.reject(error) });

describe("a Docker engine that stops answering", () => {
  it.each(["socket hang up", "read ECONNRESET", "connect ECONNREFUSED /tmp/x/docker.sock", "write EPIPE"])(
    "is named where a call ends with: %s",
    async (message) => {
      const kind = failing(new Error(message));
      for (const call of [kind.create({}, PROVIDER), kind.delete?.("id", {}, PROVIDER)]) {
        await expect(call).rejects.toThrow(LostError);
        await expect(call).rejects.toThrow(/^ssh:\/\/root@far\.example\.com stopped answering/);
      }
    },
  );

  it("keeps what was half made", async () => {
    const made = { id: "x", outputs: {} };
    const error: unknown = await failing(new HalfMadeError("socket hang up", made))
      .create({}, PROVIDER)
      .catch((each: unknown) => each);
    expect(error).toBeInstanceOf(HalfMadeError);
    expect(error).toMatchObject({ made, message: expect.stringMatching(/stopped answering/) });
  });

  it("is not blamed for what Docker itself has answered", async () => {
    const refusal = Object.assign(new Error("(HTTP code 409) conflict"), { statusCode: 409 });
    await expect(failing(refusal).create({}, PROVIDER)).rejects.toBe(refusal);
  });

  it("leaves what an earlier run was in the middle of to the next one", async () => {
    const provider: ResourceState = {
      urn: "urn:pulumi:s::p::pulumi:providers:docker::far",
      custom: true,
      type: "pulumi:providers:docker",
      id: "1",
      // Nobody listens there.
      inputs: { host: "tcp://127.0.0.1:1" },
    };
    const pending = {
      type: "creating",
      resource: {
        urn: "urn:pulumi:s::p::docker:index/network:Network::room",
        custom: true,
        type: "docker:index/network:Network",
        inputs: { name: "room", labels: [{ label: "a", value: "b" }] },
        provider: `${provider.urn}::1`,
      },
    } satisfies PendingOperation;
    const { snapshot, interrupted } = await finishInterrupted(
      { resources: [provider], pending: [pending] },
      false,
    );
    expect(snapshot.pending).toEqual([pending]);
    expect([...interrupted]).toEqual([pending.resource.urn]);
  });
});

describe("a tunnel", () => {
  it("that cannot be opened says why, and what to try by hand", async () => {
    const options = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=2"];
    await expect(openTunnel("ssh://nobody@127.0.0.1:1", options)).rejects.toThrow(
      /^ssh:\/\/nobody@127\.0\.0\.1:1 cannot be reached: .*refused.*Does this work\? ssh -o BatchMode=yes -o ConnectTimeout=2 -T -l nobody -p 1 -- 127\.0\.0\.1 docker version$/,
    );
  });
});
