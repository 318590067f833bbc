import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { endCommands, onPath, run } from "../../system/run.ts";

const shell = (script: string, options = {}): Promise<string> => run("sh", ["-c", script], options);

describe("run", () => {
  it("gives the trimmed output, with what was added to the environment", async () => {
    await expect(shell("echo; echo $WORD", { env: { WORD: "hello" } })).resolves.toBe("hello");
  });

  it("quotes only the last lines of both outputs when the command fails", async () => {
    const failing = shell("seq 100; echo told >&2; exit 3");
    await expect(failing).rejects.toThrow(/failed: 90\n[\s\S]*100\ntold$/);
  });

  it("says that a command is missing", async () => {
    await expect(run("no-such-command", [])).rejects.toThrow("`no-such-command` is not on PATH: install it.");
  });

  it("ends a command that prints nothing for too long", async () => {
    await expect(shell("exec sleep 30", { firstLineWithin: 50 })).rejects.toThrow("took too long");
  });

  it("lets a command go on that has printed something", async () => {
    await expect(shell("echo; sleep 0.5; echo done", { firstLineWithin: 300 })).resolves.toBe("done");
  });

  it("ends commands that run apart, with their children, and starts no more of them", async () => {
    const failed = expect(shell("sleep 30 & wait", { apart: true })).rejects.toThrow("failed");
    await sleep(200);
    endCommands();
    await failed;
    await expect(shell("true", { apart: true })).rejects.toThrow("was not started");
    await expect(shell("echo here")).resolves.toBe("here");
  }, 10_000);
});

describe("onPath", () => {
  it("tells what is there from what is not", () => {
    expect([onPath("sh"), onPath("no-such-command")]).toEqual([true, false]);
  });
});
