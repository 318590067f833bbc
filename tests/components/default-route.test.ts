import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { givesDefaultRoute, needsDeadEnd } from "../../components/default-route.ts";

/** A Docker engine, as far as it is asked; how often it was is in the second. */
async function engine(version: string): Promise<[string, () => number]> {
  let asked = 0;
  const server = createServer(({ url }, response) => {
    asked++;
    response.statusCode = url === "/version" ? 200 : 404;
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
  ])("is there in Docker %s: %s", (version, isThere) => {
    expect(givesDefaultRoute(version)).toBe(isThere);
  });

  it("is found out by asking the engine, once", async () => {
    const [old, askedOld] = await engine("20.10.24");
    const [young] = await engine("28.5.2");
    const answers = [old, old, young].map((address) => needsDeadEnd({ address, sshOptions: [] }));
    expect(await Promise.all(answers)).toEqual([true, true, false]);
    expect(askedOld()).toBe(1);
  });

  it("is taken to be there where nobody answers: a room that is not closed must not be made", async () => {
    expect(await needsDeadEnd({ address: "tcp://127.0.0.1:1", sshOptions: [] })).toBe(true);
  });
});
