import { describe, expect, it } from "vitest";
import { hostsOf } from "../../../report/page/host.ts";
import { renderOverview } from "../../../report/page/overview.ts";
import { hostReport, planReport } from "../../support/reports.ts";

const overview = (count: number): string =>
  renderOverview(
    hostsOf(
      planReport({
        hosts: Object.fromEntries(
          Array.from({ length: count }, (_, index) => [`h${index}`, hostReport("cx33", {})]),
        ),
      }),
    ),
  ).markup;

describe("the overview", () => {
  it("has a column for each host, from four hosts on, that links to it", () => {
    expect(overview(3)).not.toContain("#host-");
    expect(overview(4).match(/href="#host-\d"/g)).toHaveLength(4);
  });
});
