import { describe, expect, it } from "vitest";
import { readSealed } from "../../../fleet/config/sealed-secrets.ts";
import { rendered } from "../../support/fleets.ts";

const read = (raw: unknown) => {
  const { secrets, problems } = readSealed(raw);
  return { secrets, problems: problems.map(rendered) };
};

describe("secrets as a stack file has them", () => {
  it("are read with their encrypted text in place of their values", () => {
    expect(read({ alice: { A: { secure: "v1:a" } }, bob: { B: { secure: "v1:b" } } })).toEqual({
      secrets: { alice: { A: "v1:a" }, bob: { B: "v1:b" } },
      problems: [],
    });
  });

  it("are refused in plain text, with the command that encrypts them and without the value", () => {
    expect(read({ alice: { A: "hunter2", B: { secure: "v1:b" } } }).problems).toEqual([
      "agent-fleet:secrets.alice.A | this secret is in plain text | encrypt it with: npm run secret -- alice A",
    ]);
  });

  it("are none where there is no key, and are not known where the whole is encrypted", () => {
    expect(read(undefined)).toEqual({ secrets: {}, problems: [] });
    expect(read(null)).toEqual({ secrets: {}, problems: [] });
    expect(read({ secure: "v1:all" })).toEqual({ secrets: undefined, problems: [] });
  });

  it.each([
    "text",
    ["list"],
    { alice: "text" },
    { alice: { A: "" } },
    { alice: { A: 5 } },
    { alice: { secure: "x" } },
  ])("are left to the check of their shape where it is wrong: %j", (raw) => {
    expect(read(raw)).toEqual({ secrets: raw, problems: [] });
  });
});
