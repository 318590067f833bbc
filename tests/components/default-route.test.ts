import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { givesDefaultRoute, needsUnusedGateway } from "../../components/default-route.ts";

/** A Docker daemon that knows its version, and how often it was asked. */
async function daemon(version: string): Promise<[string, () => number]> {
  let asked = 0;
  const server = createServer(({ url }, response) => {
    if (url === "/version") asked++;
    response.statusCode = url === "/version" || url === "/_ping" ? 200 : 404;
    response.end(JSON.stringify({ Version: version }));
  });
  await new Promise<void>((resolve) => {
    server.unref().listen(0, "127.0.0.1", resolve);
  });
  return [`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, () => asked];
}

describe("an internal network's default route", () => {
  it.each([
    ["20.10.24+dfsg1", true],
    ["22.06.0", true],
    ["23.0.0", false],
    ["26.1.5+dfsg1", false],
    ["29.7.0", false],
  ])("exists in Docker %s: %s", (version, isThere) => {
    expect(givesDefaultRoute(version)).toBe(isThere);
  });

  it("is determined by asking the Docker daemon, once", async () => {
    const [old, askedOld] = await daemon("20.10.24");
    const [young] = await daemon("28.5.2");
    const answers = [old, old, young].map((address) => needsUnusedGateway({ address, sshOptions: [] }));
    expect(await Promise.all(answers)).toEqual([true, true, false]);
    expect(askedOld()).toBe(1);
  });

  it("is assumed if the daemon does not respond: the network must not be left open", async () => {
    expect(await needsUnusedGateway({ address: "tcp://127.0.0.1:1", sshOptions: [] })).toBe(true);
  });
});
