import { describe, expect, it } from "vitest";
import { isNamed, renderBox, type Tenant } from "../../../report/page/box.ts";
import { classesOf } from "../../../report/page/classes.ts";
import { scaleOf } from "../../../report/page/scale.ts";
import { agentReport, hostReport, planReport } from "../../support/reports.ts";

const tenant = (changes: Partial<Tenant> = {}): Tenant => ({
  ...agentReport("a", "one"),
  name: "a",
  ...changes,
});

function box(agents: readonly Tenant[]): string {
  const roster = Object.fromEntries(agents.map((agent) => [agent.name, agent]));
  const host = hostReport("cx33", roster);
  const report = planReport({ hosts: { one: host }, agents: roster });
  return renderBox(host, agents, { classes: classesOf(report), scale: scaleOf(report) }).markup;
}

describe("renderBox", () => {
  it("draws a link for each agent, and what is free above them", () => {
    const markup = box([tenant()]);
    expect(markup).toContain('href="https://a.agents.example.com"');
    expect(markup).toContain('title="a: standard, 768 MiB set aside, 2,048 MiB at most"');
    expect(markup).toContain('title="5.3 GiB free"');
    expect(markup).toContain('aria-label="Memory: 0.8 of 6 GiB set aside for 1 agent"');
  });

  it("draws no link for an address of another scheme", () => {
    expect(box([tenant({ url: "javascript:alert(1)" })])).not.toContain("href");
  });

  it("hides names in layers that are too thin for them", () => {
    const scale = { density: "large", label: 18, pixelsPerMb: 0.1 } as const;
    expect(isNamed(tenant({ reservationMb: 180 }), scale)).toBe(true);
    expect(isNamed(tenant({ reservationMb: 179 }), scale)).toBe(false);
  });
});
