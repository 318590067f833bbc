import { describe, expect, it } from "vitest";
import {
  amountsOf,
  barOf,
  bottleneckOf,
  levelOf,
  shareText,
  utilizationsOf,
} from "../../../report/page/dimensions.ts";
import { agentReport, hostReport } from "../../support/reports.ts";

describe("how full a host is", () => {
  it("has one bottleneck: the dimension of which the largest share is used", () => {
    const host = hostReport("cx33", { a: agentReport("a", "one") });
    expect(bottleneckOf(host)).toMatchObject({ name: "memoryLimits", share: 2048 / 12_288 });
    expect(utilizationsOf(host).filter(({ isBottleneck }) => isBottleneck)).toHaveLength(1);
  });

  it("has no bottleneck on an empty host", () => {
    expect(bottleneckOf(hostReport("cx33", {}))).toBeUndefined();
  });

  it("is full where something is used of nothing", () => {
    const { use, ...host } = hostReport("cx33", {});
    const full = { ...host, use: { ...use, disk: { used: 1, of: 0 }, cpus: { used: 0, of: 0 } } };
    expect(bottleneckOf(full)).toMatchObject({ name: "disk", share: 1 });
  });

  it("is written with its unit, and says where no limit is known", () => {
    expect(amountsOf("memory", { used: 9216, of: 12_288 })).toBe("9 of 12 GiB");
    expect(amountsOf("disk", { used: 2, of: null })).toBe("2 GB, limit not known");
    expect([shareText(null), shareText(0.5)]).toEqual(["–", "50 %"]);
  });

  it.each([
    [null, "free", "--u:0%"],
    [0.89, "free", "--u:89%"],
    [0.9, "full", "--u:90%"],
    [1, "full", "--u:100%"],
    [1.25, "over", "--u:100%"],
  ])("is drawn by its share: %s", (share, level, bar) => {
    expect(levelOf(share)).toBe(level);
    expect(barOf(share)).toBe(bar);
  });
});
