import { describe, expect, it } from "vitest";
import { type realStarter, startDocker } from "../../system/start-docker.ts";

/** Starts a daemon that responds after the given step, and returns the steps taken. */
async function stepsUntil(respondsAfter: string, { systemd = false, serviceFails = false } = {}) {
  const steps: string[] = [];
  const starter: typeof realStarter = {
    hasSystemd: () => systemd,
    run: async (command) => {
      steps.push(command);
      if (command === "service" && serviceFails) throw new Error("no such service");
      return command === "journalctl" ? "the journal" : "";
    },
    spawnDaemon: () => {
      steps.push("dockerd");
      return () => true;
    },
    daemonLog: () => `${"an old line\n".repeat(50)}the last line`,
  };
  await startDocker(async () => steps.at(-1) === respondsAfter, starter).catch((error: Error) => {
    steps.push(error.message);
  });
  return steps;
}

describe("startDocker", () => {
  it("uses systemd alone where it runs", async () => {
    expect(await stepsUntil("systemctl", { systemd: true })).toEqual(["systemctl"]);
  });

  it("quotes the journal when the service of systemd does not respond", async () => {
    const steps = await stepsUntil("never", { systemd: true });
    expect(steps.at(-1)).toMatch(/its log ends with:\nthe journal$/);
  });

  it("uses the service script where there is one", async () => {
    expect(await stepsUntil("service")).toEqual(["service"]);
  });

  it.each([{ serviceFails: true }, { serviceFails: false }])(
    "starts dockerd after all (%o)",
    async (options) => {
      expect(await stepsUntil("dockerd", options)).toEqual(["service", "dockerd"]);
    },
  );

  it("quotes the last lines of dockerd's log when nothing helps", async () => {
    const message = (await stepsUntil("never")).at(-1) ?? "";
    expect(message).toMatch(/the last line$/);
    expect(message.split("\n").length).toBeLessThan(20);
  });
});
