import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { endCommands, run } from "../../system/run.ts";

const shell = (script: string, options = {}): Promise<string> => run("sh", ["-c", script], options);

describe("run", () => {
  it("returns the trimmed output, with additions to the environment", async () => {
    await expect(shell("echo; echo $WORD", { env: { WORD: "hello" } })).resolves.toBe("hello");
  });

  it("quotes only the last lines of both outputs when the command fails", async () => {
    const failing = shell("seq 100; sleep 0.1; echo reason >&2; exit 3");
    await expect(failing).rejects.toThrow(/failed: 90\n[\s\S]*100\nreason$/);
  });

  it("says that a command is missing", async () => {
    await expect(run("no-such-command", [])).rejects.toThrow("`no-such-command` is not on PATH: install it.");
  });

  it("kills a command that prints nothing in time", async () => {
    await expect(shell("exec sleep 30", { firstLineWithin: 50 })).rejects.toThrow("took too long");
  });

  it("kills a command that does not end in time, and says so", async () => {
    await expect(shell("echo started; exec sleep 30", { timeout: 2000 })).rejects.toThrow(
      "`sh -c echo started; exec sleep 30` took too long: started",
    );
  });

  it("does not kill a command that has printed something", async () => {
    await expect(shell("echo; sleep 2; echo done", { firstLineWithin: 1500 })).resolves.toBe("done");
  });

  it("kills commands that run apart, with their children, and starts no more of them", async () => {
    const failed = expect(shell("sleep 30 & wait", { apart: true })).rejects.toThrow("failed");
    await sleep(200);
    endCommands();
    await failed;
    await expect(shell("true", { apart: true })).rejects.toThrow("was not started");
    await expect(shell("echo here")).resolves.toBe("here");
  }, 10_000);
});
