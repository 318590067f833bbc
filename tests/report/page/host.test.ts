import { describe, expect, it } from "vitest";
import { anchorOf, hostsOf, kindOf, marksOf } from "../../../report/page/host.ts";
import { hostReport, planReport } from "../../support/reports.ts";

const host = hostReport("cx33", {});

describe("hosts on the page", () => {
  it("are in the order of their numbers", () => {
    const hosts = { "fsn1-10": host, "fsn1-2": host, berlin: host };
    expect(hostsOf(planReport({ hosts })).map(([name]) => name)).toEqual(["berlin", "fsn1-2", "fsn1-10"]);
  });

  it("have an anchor that is not their name, because a name could contain anything", () => {
    expect(anchorOf(0)).toBe("host-1");
  });

  it("are marked as new and as draining, and named by their kind", () => {
    expect(marksOf({ ...host, isNew: true, isDraining: true })).toEqual(["new", "draining"]);
    expect(marksOf(host)).toEqual([]);
    expect([kindOf(host), kindOf({ ...host, serverType: null })]).toEqual(["cx33", "own host"]);
  });
});
