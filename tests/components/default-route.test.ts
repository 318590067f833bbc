import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import { givesDefaultRoute, needsUnusedGateway } from "../../components/default-route.ts";
import { type FakeDaemon, startDaemon } from "../support/docker-daemon.ts";

const daemons: FakeDaemon[] = [];

async function startVersion(version: string): Promise<FakeDaemon> {
  const daemon = await startDaemon(({ path }) => {
    if (path === "/_ping") return {};
    return path === "/version" ? { body: { Version: version } } : undefined;
  });
  daemons.push(daemon);
  return daemon;
}

const needs = (address: string): Promise<boolean> => needsUnusedGateway({ address, sshOptions: [] });

afterEach(async () => {
  vi.restoreAllMocks();
  for (const daemon of daemons.splice(0)) await daemon.close();
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
    const old = await startVersion("20.10.24");
    const recent = await startVersion("28.5.2");
    const addresses = [old, old, recent].map(({ address }) => address);
    expect(await Promise.all(addresses.map(needs))).toEqual([true, true, false]);
    expect(old.requests.filter(({ path }) => path === "/version")).toHaveLength(1);
  });

  it("is assumed where the daemon does not answer, because a network that is not closed must not be created", async () => {
    expect(await needs("tcp://127.0.0.1:1")).toBe(true);
  });

  it("is not asked about in a preview", async () => {
    vi.spyOn(pulumi.runtime, "isDryRun").mockReturnValue(true);
    const old = await startVersion("20.10.24");
    expect(await needs(old.address)).toBe(false);
    expect(old.requests).toEqual([]);
  });
});
