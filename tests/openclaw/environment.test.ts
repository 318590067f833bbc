import { describe, expect, it } from "vitest";
import { gatewayEnvironment, isOwnedVariable } from "../../openclaw/environment.ts";

const PROXY = "http://10.96.0.1:3128";
const withProxy = gatewayEnvironment({ memoryMb: 2048, proxyUrl: PROXY });
const withoutProxy = gatewayEnvironment({ memoryMb: 2048, proxyUrl: undefined });

describe("the gateway's environment", () => {
  it.each([
    [704, 528],
    [1024, 768],
    [2048, 1536],
    [4096, 3072],
  ])("leaves of a limit of %i MiB a heap of %i MiB", (memoryMb, heap) => {
    expect(gatewayEnvironment({ memoryMb, proxyUrl: undefined })["NODE_OPTIONS"]).toBe(
      `--max-old-space-size=${heap}`,
    );
  });

  it("sends everything but loopback to the egress proxy, and with open egress nothing", () => {
    expect(withProxy).toMatchObject({
      OPENCLAW_PROXY_URL: PROXY,
      HTTP_PROXY: PROXY,
      HTTPS_PROXY: PROXY,
      NO_PROXY: "localhost,127.0.0.1,::1",
    });
    expect(Object.keys(withoutProxy).filter((name) => name.includes("PROXY"))).toEqual([]);
  });

  it("keeps everything that the gateway writes in its state directory", () => {
    for (const name of [
      "OPENCLAW_CONFIG_PATH",
      "OPENCLAW_STATE_DIR",
      "OPENCLAW_WORKSPACE_DIR",
      "XDG_CACHE_HOME",
    ])
      expect(withProxy[name]).toMatch(/^\/home\/node\/\.openclaw(?:\/|$)/);
  });

  it("owns every variable that it sets", () => {
    expect(Object.keys(withProxy).filter((name) => !isOwnedVariable(name))).toEqual([]);
  });
});

describe("isOwnedVariable", () => {
  it.each([
    "NODE_OPTIONS",
    "PATH",
    "HOME",
    "XDG_CACHE_HOME",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "https_proxy",
    "OPENCLAW_GATEWAY_TOKEN",
    "OPENCLAW_CONFIG",
    "OPENCLAW_ANYTHING",
  ])("is true of %s", (name) => {
    expect(isOwnedVariable(name)).toBe(true);
  });

  it.each([
    "TZ",
    "MY_PATH",
    "PATHS",
    "PATH_EXTRA",
    "NODE_ENV",
    "ANTHROPIC_API_KEY",
    "HTTP_PROXY_USER",
    "MY_OPENCLAW_X",
  ])("is false of %s", (name) => {
    expect(isOwnedVariable(name)).toBe(false);
  });
});
