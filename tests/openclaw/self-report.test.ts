import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { channelState, parseSelfReport, SELF_REPORT_COMMAND } from "../../openclaw/self-report.ts";

const READY = '{"ready":true,"failing":[],"uptimeMs":5}';

const reportOf = (lines: Readonly<Record<string, string>>) =>
  parseSelfReport(
    Object.entries(lines)
      .map(([key, value]) => `${key} ${value}\n`)
      .join(""),
  );

describe("an agent's report of itself", () => {
  it("is read from what a gateway that has started prints", () => {
    // By openclaw/openclaw:2026.9.6 whose Telegram channel has no network; shortened.
    const report = reportOf({
      cpu: "1796054833.118229 678496796 1796054834.118229 928496796",
      startup: '{"ok":true,"status":"started","version":"2026.9.6","uptimeMs":139592}',
      readiness: '{"ready":false,"failing":["telegram"],"uptimeMs":139595,"eventLoop":{"degraded":false}}',
      peak: "896425984",
      killed: "2",
      active: "1796054833.5000000000",
    });
    expect(report).toEqual({
      phase: "started",
      channels: { failing: ["telegram"], suppressed: [] },
      cpu: { percent: expect.closeTo(25, 5), intervalMs: 1000 },
      peakMemory: 896425984,
      oomKills: 2,
      lastActivity: 1796054833.5,
    });
  });

  it.each(["", "startup \nreadiness \npeak \nkilled \n", "startup {\nreadiness [1]\nactive x\ncpu 1 2 3\n"])(
    "says nothing where nothing is known: %j",
    (output) => {
      expect(parseSelfReport(output)).toEqual({
        phase: undefined,
        channels: undefined,
        cpu: undefined,
        peakMemory: undefined,
        oomKills: undefined,
        lastActivity: undefined,
      });
    },
  );

  it.each([
    ['{"status":"starting"}', "starting"],
    ['{"status":"draining"}', "draining"],
    ['{"status":"\\u001b[2J"}', undefined],
  ])("has no phase but those that are known: %s", (startup, phase) => {
    expect(reportOf({ startup }).phase).toBe(phase);
  });

  it.each([
    ["of two seconds", "10 0 12 500000000", 25],
    ["in another locale", "10,5 0 11,5 500000000", 50],
    ["of a container that was restarted meanwhile", "10.5 900 11.5 100", undefined],
    ["of no time", "10.5 100 10.5 100", undefined],
  ])("has the CPU time %s", (_, cpu, percent) => {
    expect(reportOf({ cpu }).cpu?.percent).toBe(percent);
  });

  it("comes from a command that is valid Bash", () => {
    const [shell = "", , script = ""] = SELF_REPORT_COMMAND;
    expect(execFileSync(shell, ["-n", "-c", script]).toString()).toBe("");
  });
});

describe("a channel", () => {
  const stateIn = (readiness: string) => channelState("telegram", reportOf({ readiness }).channels);

  it.each([
    [READY, "no failure"],
    ['{"ready":false,"failing":["slack"]}', "no failure"],
    ['{"ready":false,"failing":["slack","telegram"]}', "fails"],
    ['{"ready":true,"failing":[],"suppressed":["telegram"]}', "not started"],
    // The gateway has not looked at its channels.
    ['{"ready":false,"failing":["gateway-draining"]}', "not known"],
    ['{"ready":false,"failing":["agent-database:main"]}', "not known"],
    // Another version, or a client that is not told.
    ['{"ready":true}', "not known"],
    ['{"ok":true,"status":"started"}', "not known"],
    ["<html>", "not known"],
  ])("of a gateway that answers %s: %s", (readiness, state) => {
    expect(stateIn(readiness)).toBe(state);
  });
});
