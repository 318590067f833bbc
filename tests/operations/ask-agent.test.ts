import { expect, it } from "vitest";
import { stateIn, stateOf } from "../../operations/ask-agent.ts";

it.each([
  ["what the gateway reports", { status: 200, body: '{"status":"started"}' }, "started"],
  ["the same while it starts", { status: 503, body: '{"status":"starting"}' }, "starting"],
  [
    "that it does not answer its own host",
    { status: 403, body: '{"error":{"type":"proxy_attribution_required"}}' },
    "running, but does not answer its own host",
  ],
  [
    "the status of an answer that only mentions it",
    { status: 502, body: "proxy_attribution_required" },
    "down (502)",
  ],
  ["the status of another refusal", { status: 403, body: "no" }, "down (403)"],
  ["the status of a proxy's page", { status: 502, body: "<html>" }, "down (502)"],
  ["the status of other JSON", { status: 404, body: '{"status":404}' }, "down (404)"],
])("the state of an agent is %s", (_, answer, expected) => {
  expect(stateIn(answer)).toBe(expected);
});

it("the state of an agent that cannot be reached is the reason", async () => {
  expect(await stateOf({ url: "https://alice.test:1", address: "127.0.0.1" })).toMatch(
    /^unreachable \(.*ECONNREFUSED/,
  );
});
