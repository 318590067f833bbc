import { describe, expect, it } from "vitest";
import { count, counted, gib, money, more, naturally, percent, rounded } from "../../../report/page/words.ts";

describe("numbers on the page", () => {
  it("are written in one language, whatever the machine's", () => {
    expect([count(12_345), rounded(1.25), gib(1536)]).toEqual(["12,345", "1.3", "1.5"]);
    expect([counted(1, "host"), counted(2000, "host")]).toEqual(["1 host", "2,000 hosts"]);
    expect([money(1234.5, "EUR"), more(-2, "EUR"), more(0, "EUR")]).toEqual([
      "1,234.50 EUR",
      "−2.00 EUR",
      "+0.00 EUR",
    ]);
  });

  it("never call a host full that is not, nor not overfull that is", () => {
    expect([0.999, 1, 1.001].map(percent)).toEqual(["99 %", "100 %", "101 %"]);
  });

  it("sort names by the numbers in them", () => {
    expect(["fsn1-10", "fsn1-2", "fsn1-1"].toSorted(naturally)).toEqual(["fsn1-1", "fsn1-2", "fsn1-10"]);
  });
});
