import { describe, expect, it } from "vitest";
import { redraw, requireScreen } from "../../../cli/commands/status.ts";

describe("status --watch", () => {
  it("is refused where there is no terminal", () => {
    expect(() => requireScreen(false, false)).toThrow("--watch needs a terminal");
  });

  it("is refused with --json", () => {
    expect(() => requireScreen(true, true)).toThrow("leave out --json");
  });

  it("redraws a terminal", () => {
    expect(() => requireScreen(false, true)).not.toThrow();
  });

  it("draws over what is there, and no more than fits", () => {
    expect(redraw("one\ntwo-too-long\nthree\nfour", { columns: 7, rows: 4 })).toBe(
      "\u001b[Hone\u001b[K\ntwo-too\u001b[K\nthree\u001b[K\n\u001b[J",
    );
  });
});
