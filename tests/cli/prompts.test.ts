import { expect, it } from "vitest";
import { confirm, confirmUnless } from "../../cli/prompts.ts";
import { OperatorError } from "../../system/operator-error.ts";

it("without a terminal, only --yes confirms", async () => {
  await expect(confirm("Change stack prod?")).rejects.toThrow(
    "Change stack prod? Not running in a terminal; pass --yes to confirm.",
  );
  await expect(confirmUnless(false)("Change?")).rejects.toBeInstanceOf(OperatorError);
  await expect(confirmUnless(true)("Change?")).resolves.toBeUndefined();
});
