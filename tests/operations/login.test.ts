import { expect, it } from "vitest";
import { publicLink } from "../../operations/login.ts";

it("a login link points to the public address, for the page and for its WebSocket", () => {
  const inside =
    "http://127.0.0.1:18789/#bootstrapToken=abc-_1&bootstrapProfile=owner&gatewayUrl=ws%3A%2F%2F127.0.0.1%3A18789";
  expect(publicLink(inside, "https://alice.agents.localhost:8443")).toBe(
    "https://alice.agents.localhost:8443/#bootstrapToken=abc-_1&bootstrapProfile=owner&gatewayUrl=wss%3A%2F%2Falice.agents.localhost%3A8443",
  );
});
