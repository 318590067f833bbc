import { describe, expect, it } from "vitest";
import { hetznerGroup, planOf } from "../../support/fleets.ts";

const costs = (agents: object, hosts: object = { eu: hetznerGroup() }) => planOf({ hosts, agents }).costs;

describe("what a fleet costs a month", () => {
  it("is the sum of servers, volumes and addresses, in cents, at the catalogue's prices", () => {
    expect(costs({ alice: { isolation: "dedicated" }, bob: { isolation: "dedicated" } })).toMatchObject({
      currency: "EUR",
      pricesOf: "2026-09-29",
      servers: 10.98,
      volumes: 1.14,
      addresses: 1,
      monthly: 13.12,
      trafficTb: 40,
    });
  });

  it("is nothing on hosts of the operator's own", () => {
    expect(costs({ alice: {} }, { one: { kind: "docker" } })).toMatchObject({
      monthly: 0,
      servers: 0,
      trafficTb: 0,
    });
  });

  it("adds an estimate for the models of the agents whose usage is configured", () => {
    const { models } = costs({
      alice: { usage: { messagesPerDay: 1000 } },
      bob: { usage: { messagesPerDay: 100 } },
      carol: {},
    });
    expect(models).toEqual({
      currency: "USD",
      isEstimate: true,
      low: 55,
      high: 165,
      agents: { alice: { low: 50, high: 150 }, bob: { low: 5, high: 15 } },
    });
  });
});
