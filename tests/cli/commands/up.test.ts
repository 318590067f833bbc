import { expect, it } from "vitest";
import { describeBroken, renderFleet } from "../../../cli/commands/up.ts";
import { agentOutput, hostOutput, outputsOf } from "../../support/outputs.ts";

const outputs = outputsOf({ alice: agentOutput() }, { local: hostOutput() });
const result = {
  outputs,
  states: { alice: "started" },
  notStarted: [],
  isUpdated: true,
  brokenServices: [],
  hasConverged: true,
};

it("after an update, the agents are shown with their states, and never with their tokens", () => {
  const text = renderFleet("local", result);
  expect(text).toContain(
    "AGENT  URL                                  STATE    MEMORY\nalice  https://alice.agents.localhost:8443  started  1024 MiB\n",
  );
  expect(text).toContain("npm run --silent ca > ca.pem");
  expect(text).not.toContain("token-of-alice");
});

it("after an update of another stack, the next commands name it", () => {
  expect(renderFleet("prod", result)).toContain("npm run login -- --stack prod AGENT");
  expect(renderFleet("prod", result)).toContain("npm run --silent ca -- --stack prod > ca.pem");
});

it("after an update of a large fleet, only the agents that are not well are listed, and the others counted", () => {
  const names = Array.from({ length: 21 }, (_, index) => `a${index}`);
  const text = renderFleet("local", {
    ...result,
    outputs: outputsOf(Object.fromEntries(names.map((name) => [name, agentOutput()])), {
      local: hostOutput(),
    }),
    states: Object.fromEntries(names.map((name) => [name, name === "a7" ? "down (502)" : "started"])),
    notStarted: ["a7"],
  });
  expect(text).toMatch(/a7 .*down \(502\)/);
  expect(text).not.toMatch(/^a8 /m);
  expect(text).toContain("20 of 21 agents have started or are switched off: npm run status -- --all");
});

it("a service that does not work is named with its last words, and with a remedy where they are known", () => {
  const broken = { host: "local", service: "ingress", state: "fails" } as const;
  expect(describeBroken({ ...broken, state: "missing", reason: "" })).toBe("The ingress of local is missing");
  expect(describeBroken({ ...broken, reason: "it is exited: bye" })).toBe(
    "The ingress of local fails: it is exited: bye",
  );
  expect(
    describeBroken({ ...broken, reason: "it keeps exiting: listen tcp :443: bind: address already in use" }),
  ).toBe(
    [
      "The ingress of local fails: another process of its host listens on :443",
      "  -> stop it, or choose another port. Which one: ss --listening --tcp --processes 'sport = :443'",
      "  (it keeps exiting: listen tcp :443: bind: address already in use)",
    ].join("\n"),
  );
});
