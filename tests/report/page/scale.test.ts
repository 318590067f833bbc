import { describe, expect, it } from "vitest";
import { boxMb, pixels, scaleOf } from "../../../report/page/scale.ts";
import { hostReport, planReport, smallReport } from "../../support/reports.ts";

const hosts = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}`, hostReport("cx33", {})]));

describe("the scale of the boxes", () => {
  it.each([
    [3, "large"],
    [4, "medium"],
    [30, "medium"],
    [31, "small"],
  ])("draws %i hosts in size %s", (count, density) => {
    expect(scaleOf(planReport({ hosts: hosts(count) })).density).toBe(density);
  });

  it("draws the usual host as high as the size says, and no host higher than the limit", () => {
    const usual = planReport({ hosts: hosts(4) });
    expect(pixels(6144, scaleOf(usual))).toBe(180);
    const giant = hostReport(
      "cx33",
      {},
      { use: { ...hostReport("cx33", {}).use, memory: { used: 0, of: 614_400 } } },
    );
    const mixed = scaleOf(planReport({ hosts: { ...hosts(4), giant } }));
    expect(pixels(boxMb(giant), mixed)).toBe(900);
  });

  it("makes the usual agent's layer high enough to be read", () => {
    const report = smallReport();
    expect(pixels(768, scaleOf(report))).toBeGreaterThanOrEqual(24);
  });

  it("is zero where nothing is known", () => {
    expect(scaleOf(planReport()).pixelsPerMb).toBe(0);
  });
});
