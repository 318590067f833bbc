import { describe, expect, it } from "vitest";
import { hostsOf } from "../../../report/page/host.ts";
import { renderTable } from "../../../report/page/table.ts";
import { agentReport, hostReport, planReport } from "../../support/reports.ts";

describe("the table of hosts", () => {
  it("gives every host's numbers, the bottleneck emphasised", () => {
    const host = hostReport("cx33", { a: agentReport("a", "one") }, { isNew: true });
    const own = { ...hostReport("cx33", {}), serverType: null, location: null };
    const { markup } = renderTable(hostsOf(planReport({ hosts: { one: host, two: own } })), "EUR");
    expect(markup).toContain(
      '<tr><th scope="row"><a href="#host-1">one</a></th><td>cx33</td><td>fsn1</td><td>6.49 EUR</td><td>0.8 of 6 GiB</td><td><b>2 of 12 GiB</b></td>',
    );
    expect(markup).toContain("<td>new</td></tr>");
    expect(markup).toContain('<a href="#host-2">two</a></th><td>own host</td><td>–</td><td>–</td>');
  });
});
