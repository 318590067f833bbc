import { describe, expect, it } from "vitest";
import { table } from "../../report/table.ts";

describe("table", () => {
  it("aligns columns, and leaves no blanks at the ends of lines", () => {
    expect(
      table([
        ["NAME", "A"],
        ["x", "long"],
        ["longest", ""],
      ]),
    ).toBe("NAME     A\nx        long\nlongest");
  });

  it("is empty without rows", () => {
    expect(table([])).toBe("");
  });
});
