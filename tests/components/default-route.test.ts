import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import { givesDefaultRoute, needsUnusedGateway } from "../../components/default-route.ts";

/** A Docker daemon that answers for its version only, and how often it was asked. */
async function startDaemon(version: string): Promise<[address: string, requests: () => number]> {
  let requests = 0;
  const server = createServer(({ url }, response) => {
    if (url?.endsWith("/version") === true) requests++;
    response.statusCode = url?.endsWith("/version") === true || url?.endsWith("/_ping") === true ? 200 : 404;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ Version: version }));
  });
  await new Promise<void>((resolve) => {
    server.unref().listen(0, "127.0.0.1", resolve);
  });
  return [`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, () => requests];
}

const needs = (address: string): Promise<boolean> => needsUnusedGateway({ address, sshOptions: [] });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("an internal network's default route", () => {
  it.each([
    ["20.10.24+dfsg1", true],
    ["22.06.0", true],
    ["23.0.0", false],
    ["26.1.5+dfsg1", false],
    ["29.7.0", false],
  ])("exists in Docker %s: %s", (version, exists) => {
    expect(givesDefaultRoute(version)).toBe(exists);
  });

  it("is found out by asking each daemon for its version, once", async () => {
    const [old, requests] = await startDaemon("20.10.24");
    const [recent] = await startDaemon("28.5.2");
    expect(await Promise.all([old, old, recent].map(needs))).toEqual([true, true, false]);
    expect(requests()).toBe(1);
  });

  it("is assumed where the daemon does not answer, because a network that is not closed must not be created", async () => {
    expect(await needs("tcp://127.0.0.1:1")).toBe(true);
  });

  it("is not asked about in a preview", async () => {
    vi.spyOn(pulumi.runtime, "isDryRun").mockReturnValue(true);
    const [old, requests] = await startDaemon("20.10.24");
    expect(await needs(old)).toBe(false);
    expect(requests()).toBe(0);
  });
});
