import { describe, expect, it } from "vitest";
import { addOption, namesOf, priceOf, resizeOption } from "../../../fleet/placement/options.ts";
import { PlacementHost } from "../../../fleet/placement/placement-host.ts";
import { candidate, offer } from "../../support/placements.ts";

describe("the ways in which a fleet can grow", () => {
  it("describe what is added, alike servers counted together", () => {
    const large = offer({ serverType: "cx33", monthly: 7 });
    const purchases = [offer(), large, offer()].map((each) => ({ offer: each, agents: [candidate("a")] }));
    expect(addOption(purchases, true, false)).toEqual({
      kind: "add",
      what: "add 2 cx4 in fsn1, 1 cx33 in fsn1",
      monthly: 15,
      downtime: "none",
      allowed: true,
      chosen: false,
    });
    expect(priceOf([])).toBe(0);
  });

  it("describe what is resized, and that it has a downtime", () => {
    const [from, to] = [offer(), offer({ serverType: "cx33", monthly: 7 })];
    const host = PlacementHost.ordered("eu-1", from);
    expect(resizeOption({ host, from, to, monthly: 3, allowed: false }, false)).toEqual({
      kind: "resize",
      what: "make eu-1 a cx33",
      monthly: 3,
      downtime: "some minutes for every agent on it: power-off, change, start",
      allowed: false,
      chosen: false,
    });
  });

  it("abbreviate a long list of agents", () => {
    expect(namesOf(["a", "b", "c", "d"].map((name) => ({ name })))).toBe("a, b and 2 more");
  });
});
