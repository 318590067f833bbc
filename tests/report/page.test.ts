import { describe, expect, it } from "vitest";
import { renderPlanPage } from "../../report/page.ts";
import type { HostReport, PlanReport } from "../../report/report.ts";
import { agentReport, hostReport, largeReport, planReport, smallReport } from "../support/reports.ts";

const UNKNOWN = { used: 0, of: null };

/** A host of the operator's own, of which nothing is configured. */
const ownHost = (agents: PlanReport["agents"]): HostReport => {
  const { use, ...host } = hostReport("cx33", agents);
  return {
    ...host,
    serverType: null,
    location: null,
    memoryMb: null,
    cpus: null,
    diskGb: null,
    monthlyCost: 0,
    use: {
      memory: { used: use.memory.used, of: null },
      memoryLimits: UNKNOWN,
      cpus: UNKNOWN,
      disk: UNKNOWN,
      agents: { used: use.agents.used, of: 100 },
    },
  };
};

const allOf = (page: string, pattern: RegExp): string[] =>
  [...page.matchAll(pattern)].map(([, found]) => found ?? "");

const heights = (page: string, pattern: RegExp): number[] => allOf(page, pattern).map(Number);

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const boxes = (page: string): number[] => heights(page, /class="box[^"]*" style="height:([\d.]+)px"/g);
const layers = (page: string): number[] => heights(page, /class="s [^"]*" style="height:([\d.]+)px"/g);
const free = (page: string): number[] => heights(page, /class="free" style="height:([\d.]+)px"/g);

/** As they follow each other on the page. */
const hostNames = (page: string): string[] => allOf(page, /<h3 title="([^"]*)"/g);

const HOSTILE = `"><script>alert('1')</script><img src=x onerror=alert(2)>&amp;`;

describe("the page of a plan", () => {
  it("escapes hostile text in every place", () => {
    const agents = {
      [HOSTILE]: agentReport(HOSTILE, HOSTILE, { class: HOSTILE, url: `https://${HOSTILE}` }),
    };
    const host = { ...ownHost(agents), serverType: HOSTILE, location: HOSTILE };
    const { cost } = planReport();
    for (const others of [0, 5, 50]) {
      const more = Object.fromEntries(
        Array.from({ length: others }, (_, index) => [`${HOSTILE}${index}`, host]),
      );
      const page = renderPlanPage(
        planReport({
          stack: HOSTILE,
          hosts: { [HOSTILE]: host, ...more },
          agents,
          cost: {
            ...cost,
            currency: HOSTILE,
            pricesOf: HOSTILE,
            servers: 1,
            models: { ...cost.models, agents: { [HOSTILE]: { low: 1, high: 2 } } },
          },
          notices: [HOSTILE],
          changes: [{ kind: "add-host", name: HOSTILE, text: HOSTILE, monthly: 1 }],
          options: [
            { kind: "add", what: HOSTILE, monthly: 1, downtime: HOSTILE, allowed: true, chosen: true },
          ],
        }),
      );
      expect(page).not.toContain("<script");
      expect(page).not.toContain("<img");
      expect(page.split("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)").length).toBeGreaterThan(12);
      expect(page).toContain("&amp;amp;");
    }
  });

  it("links to http and https addresses only", () => {
    const agents = { a: agentReport("a", "one", { url: "javascript:alert(1)" }) };
    const page = renderPlanPage(planReport({ hosts: { one: hostReport("cx33", agents) }, agents }));
    expect(page).not.toContain("javascript:");
    expect(page).toContain("<b>a</b>");
  });

  it("refers to nothing outside the page except the agents", () => {
    const report = largeReport(300);
    const page = renderPlanPage(report);
    const links = allOf(page, /<a class="s [^>]* href="([^"]*)"/g);
    expect(links.toSorted()).toEqual(
      Object.values(report.agents)
        .map(({ url }) => url)
        .toSorted(),
    );
    const rest = page.replaceAll(/ href="https:[^"]*"/g, "");
    expect(rest).not.toMatch(/https?:|\/\/|url\(|@import|\ssrc=|<script/);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  it.each([3, 100, 2000])("fills the boxes of %i agents completely, all to one scale", (howMany) => {
    const report = howMany === 3 ? smallReport() : largeReport(howMany);
    const page = renderPlanPage(report);
    const memory = Object.values(report.hosts).map(({ use }) => use.memory.of ?? 0);
    const reserved = Object.values(report.agents).map(({ reservationMb }) => reservationMb);
    expect(boxes(page)).toHaveLength(memory.length);
    expect(layers(page)).toHaveLength(reserved.length);
    const pixelsPerMb = sum(boxes(page)) / sum(memory);
    // Each is rounded to a hundredth of a pixel.
    expect(sum(layers(page)) / sum(reserved)).toBeCloseTo(pixelsPerMb, 3);
    const rounding = 0.005 * (2 * memory.length + reserved.length);
    expect(Math.abs(sum(boxes(page)) - sum(layers(page)) - sum(free(page)))).toBeLessThan(rounding);
  });

  it("fills a host of unknown memory with what is used of it", () => {
    const agents = { a: agentReport("a", "own"), b: agentReport("b", "own", { class: "heavy" }) };
    const page = renderPlanPage(planReport({ hosts: { own: ownHost(agents) }, agents }));
    expect(sum(layers(page))).toBeCloseTo(sum(boxes(page)), 1);
    expect(free(page)).toEqual([]);
    expect(page).toContain("2.3 GiB, limit not known");
    expect(page).toContain("own host");
  });

  it("marks where an overfull box would be full", () => {
    const names = Array.from({ length: 10 }, (_, index) => `a${index}`);
    const agents = Object.fromEntries(names.map((name) => [name, agentReport(name, "one")]));
    const page = renderPlanPage(planReport({ hosts: { one: hostReport("cx33", agents) }, agents }));
    const [box = 0] = boxes(page);
    const [brim = 0] = heights(page, /class="brim" style="bottom:([\d.]+)px"/g);
    expect(brim / box).toBeCloseTo(6144 / 7680, 3);
    expect(page).toContain("<b>125 %</b>");
  });

  it("says where there are no hosts, and where a host has no agents", () => {
    expect(renderPlanPage(planReport())).toContain("The fleet has no hosts.");
    expect(renderPlanPage(planReport({ hosts: { own: ownHost({}) } }))).toContain(
      "No agents, and its memory is not configured.",
    );
  });

  it.each([3, 12, 40])("sorts %i hosts by number: fsn1-2 before fsn1-10", (howMany) => {
    const names = Array.from({ length: howMany }, (_, index) => `fsn1-${index + 1}`);
    const hosts = Object.fromEntries(names.toSorted().map((name) => [name, hostReport("cx33", {})]));
    expect(hostNames(renderPlanPage(planReport({ hosts })))).toEqual(names);
  });

  it("emphasises the bottleneck of each host", () => {
    const page = renderPlanPage(smallReport());
    expect(allOf(page, /<dt>([^<]*) <em>bottleneck/g)).toEqual(["memory limits"]);
    const meters = allOf(renderPlanPage(largeReport(500)), /class="meters"[^>]*title="([^"]*)"/g);
    expect(meters[0]).toMatch(/; memory limits [\d.]+ of \d+ GiB, \d+ %, the bottleneck; CPUs /);
  });

  it("marks agents that are switched off, and hosts that are new or draining", () => {
    const page = renderPlanPage(smallReport());
    expect(page).toMatch(/class="s k0 p0 off"[^>]*title="bob: [^"]*, switched off"/);
    const hosts = {
      a: hostReport("cx33", {}, { isNew: true }),
      b: hostReport("cx33", {}, { isDraining: true }),
    };
    expect(allOf(renderPlanPage(planReport({ hosts })), /class="badge">(\w+)/g)).toEqual(["new", "draining"]);
  });

  it("folds long lists and shows short ones", () => {
    expect(renderPlanPage(smallReport())).not.toContain("<details");
    const notices = Array.from({ length: 13 }, (_, index) => `notice ${index + 1}`);
    const page = renderPlanPage(planReport({ notices }));
    expect(page).toMatch(/<li>notice 4<\/li><\/ul><details><summary>9 more<\/summary><ul><li>notice 5<\/li>/);
    expect(page).toContain("<li>notice 13</li></ul></details>");
  });

  it("draws every class differently", () => {
    const names = Array.from({ length: 36 }, (_, index) => `c${index}`);
    const agents = Object.fromEntries(
      names.map((name) => [name, agentReport(name, "one", { class: name, reservationMb: 64 })]),
    );
    const page = renderPlanPage(planReport({ hosts: { one: hostReport("cx43", agents) }, agents }));
    expect(new Set(allOf(page, /<i class="(s k\d p\d)">/g)).size).toBe(36);
  });

  it("calls the cost of models an estimate, and leaves it out where there is none", () => {
    expect(renderPlanPage(largeReport(100))).toMatch(
      /Models, estimated.*1,181–3,420 USD.*an estimate for 12/,
    );
    expect(renderPlanPage(smallReport())).not.toContain("Models");
  });

  it("names the services of each host with their images, where there is space", () => {
    expect(renderPlanPage(smallReport())).toContain(
      '<p class="services"><span title="caddy:2.11.4">ingress</span><span title="ubuntu/squid:6.6">egress proxy</span></p>',
    );
    expect(renderPlanPage(largeReport(500))).not.toContain('class="services"');
  });

  it("takes less than 1.5 MB for 2,000 agents", () => {
    expect(Buffer.byteLength(renderPlanPage(largeReport(2000)))).toBeLessThan(1_500_000);
  });
});
