import { expect, it } from "vitest";
import { parseOutputs } from "../../workspace/outputs.ts";
import { agentOutput, hostOutput, outputsOf } from "../support/outputs.ts";

it("outputs are returned as they are", () => {
  const outputs = outputsOf({ alice: agentOutput() }, { local: hostOutput() });
  expect(parseOutputs(outputs)).toEqual(outputs);
});

it("a stack without a fleet has no outputs", () => {
  expect(parseOutputs({})).toBeUndefined();
  expect(parseOutputs(undefined)).toBeUndefined();
});

it("outputs of another version are refused, without quoting a token", () => {
  const outputs = { fleet: { hosts: {}, agents: {} }, tokens: { alice: { token: "s3cret" } } };
  expect(() => parseOutputs(outputs)).toThrow(
    "The stack's outputs are of another version of this program (alice). Run: npm run up",
  );
});
