import { describe, expect, it } from "vitest";
import { interruptible } from "../../workspace/interrupts.ts";

describe("interruptible", () => {
  it("aborts the work once", async () => {
    let interruptions = 0;
    const isAborted = await interruptible({ onInterrupt: () => interruptions++ }, async (signal) => {
      process.emit("SIGTERM", "SIGTERM");
      return signal.aborted;
    });
    expect({ isAborted, interruptions }).toEqual({ isAborted: true, interruptions: 1 });
  });

  it("does not abort work that the signal reaches anyway", async () => {
    const interrupts = { onInterrupt: () => {}, mustAbort: (signal: string) => signal !== "SIGTERM" };
    const isAborted = await interruptible(interrupts, async (signal) => {
      process.emit("SIGTERM", "SIGTERM");
      return signal.aborted;
    });
    expect(isAborted).toBe(false);
  });

  it("leaves no listener behind", async () => {
    const before = process.listenerCount("SIGTERM");
    await expect(
      interruptible({ onInterrupt: () => {} }, () => Promise.reject(new Error("failed"))),
    ).rejects.toThrow("failed");
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});
