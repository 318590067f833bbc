import { describe, expect, it } from "vitest";
import { renderChanges, renderNotices, renderOptions, renderTotals } from "../../../report/page/head.ts";
import { hostReport, planReport, smallReport } from "../../support/reports.ts";

describe("the head of the page", () => {
  it("counts hosts and agents, and what is particular about some", () => {
    const own = { ...hostReport("cx33", {}), serverType: null };
    const hosts = { a: hostReport("cx33", {}, { isNew: true }), b: own };
    expect(renderTotals(planReport({ hosts })).markup).toContain(
      "<b>2</b><small>1 new, 1 of your own</small>",
    );
    expect(renderTotals(smallReport()).markup).toContain("<b>3</b><small>1 switched off</small>");
  });

  it("groups changes by hosts and agents, with what the hosts cost", () => {
    const { markup } = renderChanges(
      planReport({
        changes: [
          { kind: "add-host", name: "x", text: "adds host x", monthly: 6.5 },
          { kind: "retire-host", name: "y", text: "deletes host y", monthly: -8 },
          { kind: "move-agent", name: "a", text: "moves a" },
        ],
      }),
    );
    expect(markup).toContain("<h3>Hosts: 1 to add, 1 to delete <small>−1.50 EUR a month</small></h3>");
    expect(markup).toContain("<h3>Agents: 1 to move</h3>");
  });

  it("says that nothing changes, and leaves out notices and options that there are not", () => {
    expect(renderChanges(planReport()).markup).toContain(
      "No agent is added, moved or removed, and no host either.",
    );
    expect(renderNotices(planReport()).markup).toBe("");
    expect(renderOptions(planReport()).markup).toBe("");
  });

  it("marks the way to make capacity that is chosen, and one that is not allowed", () => {
    const way = {
      kind: "add",
      what: "add 1 cx33",
      monthly: 7,
      downtime: "none",
      allowed: true,
      chosen: true,
    } as const;
    const { markup } = renderOptions(
      planReport({ options: [way, { ...way, allowed: false, chosen: false }] }),
    );
    expect(markup).toContain('<li class="chosen"><b>add 1 cx33</b> <em class="badge">chosen</em>');
    expect(markup).toContain('<li><b>add 1 cx33</b> <em class="badge">not allowed</em>');
  });
});
