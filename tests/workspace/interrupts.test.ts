import { describe, expect, it, vi } from "vitest";
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

  it("keeps listening: a signal without a listener ends the process", async () => {
    const before = process.listenerCount("SIGTERM");
    const during = await interruptible({ onInterrupt: () => {} }, async () => {
      process.emit("SIGTERM", "SIGTERM");
      return process.listenerCount("SIGTERM");
    });
    expect(during).toBe(before + 1);
  });

  it("ends the process at the second signal", async () => {
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    let interruptions = 0;
    await interruptible({ onInterrupt: () => interruptions++ }, async () => {
      process.emit("SIGINT", "SIGINT");
      process.emit("SIGTERM", "SIGTERM");
    });
    expect(interruptions).toBe(1);
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, "SIGTERM");
    kill.mockRestore();
  });

  it("leaves no listener behind", async () => {
    const before = process.listenerCount("SIGTERM");
    await expect(
      interruptible({ onInterrupt: () => {} }, () => Promise.reject(new Error("failed"))),
    ).rejects.toThrow("failed");
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});
