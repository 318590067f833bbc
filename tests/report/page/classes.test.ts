import { describe, expect, it } from "vitest";
import { classesOf, renderLegend } from "../../../report/page/classes.ts";
import { agentReport, planReport, smallReport } from "../../support/reports.ts";

describe("the classes of agents", () => {
  it("are in the order of their reservations, the lightest first", () => {
    expect([...classesOf(smallReport()).keys()]).toEqual(["light", "standard", "heavy"]);
  });

  it("are drawn in different colours and patterns", () => {
    const agents = Object.fromEntries(
      Array.from({ length: 36 }, (_, index) => [
        `a${index}`,
        agentReport("a", "one", { class: `c${index}` }),
      ]),
    );
    const looks = [...classesOf(planReport({ agents })).values()].map(({ look }) => look);
    expect(new Set(looks).size).toBe(36);
    expect(new Set(looks.slice(0, 6).map((look) => look.split(" ")[0])).size).toBe(6);
    expect(new Set(looks.slice(0, 6).map((look) => look.split(" ")[1])).size).toBe(6);
  });

  it("are explained by a legend, with how many agents there are and what each reserves", () => {
    const report = smallReport();
    const { markup } = renderLegend(classesOf(report), report);
    expect(markup).toContain("<b>heavy</b> <small>1 × 1,536 MiB</small>");
    expect(markup).toContain("<b>switched off</b> <small>1 agent, memory still set aside</small>");
  });
});
