import { expect, it } from "vitest";
import { readOutputs, shownTokens } from "../../operations/outputs.ts";
import { OperatorError } from "../../system/operator-error.ts";
import { agentOutput, fakeEngine, hostOutput, outputsOf } from "../support/outputs.ts";

const OUTPUTS = outputsOf({ alice: agentOutput() }, { local: hostOutput() });

it("shows tokens only if secrets are requested", async () => {
  expect(shownTokens({ alice: "t" }, false)).toEqual({ alice: "[secret]" });
  expect(shownTokens({ alice: "t" }, true)).toEqual({ alice: "t" });
  expect(JSON.stringify(await readOutputs(fakeEngine(OUTPUTS), false))).not.toContain("token-of-alice");
});

it("says that there is no fleet yet", async () => {
  await expect(readOutputs(fakeEngine(undefined), false)).rejects.toThrow(OperatorError);
});
