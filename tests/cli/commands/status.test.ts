import { describe, expect, it } from "vitest";
import { requireScreen } from "../../../cli/commands/status.ts";

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
});
