import { describe, expect, it } from "vitest";
import { renderStatus } from "../../../report/status/text.ts";
import { judge } from "../../../report/status/verdict.ts";
import { agentSeen, hostSeen, SILENT, seen } from "../../support/statuses.ts";

const NONE = { now: null, peak: null, limit: null };
const STOPPED = { health: "none", memory: NONE, cpu: { percent: null, intervalMs: null } } as const;

const render = (...parts: Parameters<typeof seen>) => renderStatus(judge(seen(...parts)), false);

describe("the state of a fleet as text", () => {
  it("is aligned, and begins with a summary and what is not well", async () => {
    const text = render(
      [
        agentSeen({ channels: { telegram: "fails", slack: "not known" } }),
        agentSeen({
          ...STOPPED,
          name: "bob",
          state: "down",
          oomKilled: true,
          oomKills: null,
          lastActivity: null,
        }),
        agentSeen({ ...STOPPED, name: "carol", state: "switched off", enabled: false, health: null }),
      ],
      [hostSeen(), hostSeen({ ...SILENT, name: "two" })],
    );
    await expect(`${text}\n`).toMatchFileSnapshot("text.golden.txt");
  });

  it("leaves out columns without any value", () => {
    const header = render()
      .split("\n")
      .find((line) => line.startsWith("AGENT"));
    expect(header).toContain("LAST ACTIVITY");
    expect(header).not.toContain("CHANNELS");
  });

  it("is one image per line where agents differ", () => {
    expect(render([agentSeen(), agentSeen({ name: "bob", image: "openclaw:2" })])).toContain(
      "Image openclaw:1: alice\nImage openclaw:2: bob",
    );
  });

  it("says what is not known of an agent that runs", () => {
    const text = render([
      agentSeen({ volume: { name: "v", bytes: null }, cpu: { percent: null, intervalMs: null } }),
    ]);
    expect(text.match(/not known/g)).toHaveLength(2);
  });

  it("names the stack in the remedy", () => {
    expect(render([agentSeen({ state: "not deployed" })])).toContain(
      "- alice is not deployed: npm run up -- --stack test.",
    );
  });

  it("says that there are no agents", () => {
    expect(render([])).toContain("The fleet has no agents.");
  });
});

describe("the state of a large fleet as text", () => {
  const agents = Array.from({ length: 21 }, (_, at) => agentSeen({ name: `agent-${at}` }));
  const rows = (text: string) => text.split("\n").filter((line) => /^agent-\d/.test(line));

  it("shows only the agents that are not well, and counts the others", () => {
    const text = render([
      ...agents.slice(0, 19),
      agentSeen({ name: "agent-19", state: "paused" }),
      agentSeen({ name: "agent-20", state: "not known" }),
    ]);
    expect(rows(text).map((row) => row.split(" ")[0])).toEqual(["agent-19", "agent-20"]);
    expect(text).toContain("19 agents more, all well; --all shows them.");
  });

  it("shows all up to twenty, or if asked for all", () => {
    expect(rows(render(agents.slice(0, 20)))).toHaveLength(20);
    expect(rows(render(agents))).toEqual([]);
    expect(rows(renderStatus(judge(seen(agents)), true))).toHaveLength(21);
  });
});
