import { describe, expect, it } from "vitest";
import { modelSpend } from "../../../fleet/plan/model-spend.ts";

const spend = (usage: object): number[] => {
  const { low, high } = modelSpend({ messagesPerDay: 0, smallModelShare: 0, localModelShare: 0, ...usage });
  return [low, high].map((dollars) => Math.round(dollars * 100) / 100);
};

describe("the estimate of what models cost", () => {
  it("matches what was reported for 1,000 and 10,000 messages a day", () => {
    expect(spend({ messagesPerDay: 1000 })).toEqual([50, 150]);
    expect(spend({ messagesPerDay: 10_000 })).toEqual([300, 800]);
  });

  it("is in proportion below and above, and between in between", () => {
    expect(spend({ messagesPerDay: 0 })).toEqual([0, 0]);
    expect(spend({ messagesPerDay: 100 })).toEqual([5, 15]);
    expect(spend({ messagesPerDay: 20_000 })).toEqual([600, 1600]);
    const [low = 0, high = 0] = spend({ messagesPerDay: 3000 });
    expect(low > 50 && low < 300 && high > 150 && high < 800 && low < high).toBe(true);
  });

  it("saves 40 to 60 % with small models for four fifths of the messages, and no more with more of them", () => {
    expect(spend({ messagesPerDay: 1000, smallModelShare: 0.8 })).toEqual([20, 90]);
    expect(spend({ messagesPerDay: 1000, smallModelShare: 0.4 })).toEqual([35, 120]);
    expect(spend({ messagesPerDay: 1000, smallModelShare: 1 })).toEqual([20, 90]);
  });

  it("is zero for what a model on the operator's own hardware answers", () => {
    expect(spend({ messagesPerDay: 1000, localModelShare: 1 })).toEqual([0, 0]);
    expect(spend({ messagesPerDay: 1000, localModelShare: 0.5 })).toEqual([25, 75]);
  });
});
