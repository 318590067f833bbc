import { describe, expect, it } from "vitest";
import { renderServe } from "../../../../fleet/services/tailnet/serve.ts";

describe("renderServe", () => {
  it("serves each agent's port from its own socket, and nothing else of the host", () => {
    expect(JSON.parse(renderServe([18_800, 18_805], undefined))).toEqual({
      TCP: { "18800": { HTTPS: true }, "18805": { HTTPS: true } },
      Web: {
        "${TS_CERT_DOMAIN}:18800": { Handlers: { "/": { Proxy: "unix:/agents/18800.sock" } } },
        "${TS_CERT_DOMAIN}:18805": { Handlers: { "/": { Proxy: "unix:/agents/18805.sock" } } },
      },
    });
  });

  it("forwards SSH where the host's is reachable for containers", () => {
    expect(JSON.parse(renderServe([], "172.17.0.1"))).toEqual({
      TCP: { "22": { TCPForward: "172.17.0.1:22" } },
      Web: {},
    });
  });
});
