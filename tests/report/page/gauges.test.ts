import { describe, expect, it } from "vitest";
import { utilizationsOf } from "../../../report/page/dimensions.ts";
import { renderGauges, renderMeters } from "../../../report/page/gauges.ts";
import { agentReport, hostReport } from "../../support/reports.ts";

const utilization = utilizationsOf(hostReport("cx33", { a: agentReport("a", "one", { class: "light" }) }));

describe("gauges", () => {
  it("show each dimension with its share, and the bottleneck first of all", () => {
    const { markup } = renderGauges(utilization);
    expect(markup.match(/<dt>/g)).toHaveLength(5);
    expect(markup).toContain(
      '<div class="top"><dt>memory <em>bottleneck</em></dt><dd>0.6 of 6 GiB <b>10 %</b></dd>',
    );
  });

  it("are readable as text where there are only lines", () => {
    const { markup } = renderMeters(utilization);
    expect(markup).toContain(
      'aria-label="memory 0.6 of 6 GiB, 10 %, the bottleneck; memory limits 1 of 12 GiB, 8 %;',
    );
    expect(markup).toContain('<p class="bottleneck"><b>10 %</b> mem</p>');
  });
});
