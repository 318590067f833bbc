import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { observeServer } from "../../../components/hetzner/facts.ts";
import { awaitReady } from "../../../components/hetzner/readiness.ts";
import { HostError } from "../../../components/host-error.ts";
import type { HetznerServerPlan } from "../../../fleet/hosts/hetzner/server.ts";
import type { ServerFacts } from "../../../fleet/registry.ts";
import { HETZNER, hostPlan } from "../../support/docker-plans.ts";

vi.mock("../../../components/hetzner/readiness.ts");

const SERVER = { server: "42", ip: "203.0.113.9", verificationKey: "ssh-ed25519 AAAA" };
const OBSERVED = { hostKey: "ssh-ed25519 BBBB", docker: "28.5.2" };

const planned = (changes: Partial<HetznerServerPlan> = {}): HetznerServerPlan => {
  const { server } = hostPlan(HETZNER);
  if (server === undefined) throw new Error("the host has no server");
  return { ...server, ...changes };
};

const { serverType, volumeGb } = planned();
const KNOWN: ServerFacts = {
  server: "42",
  serverType,
  volumeGb,
  hostKey: "ssh-ed25519 CCCC",
  docker: "26.1.5",
};

const observe = (changes: Partial<HetznerServerPlan> = {}): Promise<ServerFacts> =>
  observeServer("eu-1", planned(changes), SERVER);

beforeEach(() => {
  vi.mocked(awaitReady).mockReset().mockResolvedValue(OBSERVED);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the facts of a server", () => {
  it("are observed on a new one, whose host key is verified", async () => {
    expect(await observe()).toEqual({ server: "42", serverType, volumeGb, ...OBSERVED });
    expect(awaitReady).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        name: "eu-1",
        address: "203.0.113.9",
        identity: { verificationKey: "ssh-ed25519 AAAA" },
        withinSeconds: 900,
      }),
    );
  });

  it("are taken from the last run where nothing about the server has changed, without a login", async () => {
    expect(await observe({ known: KNOWN })).toBe(KNOWN);
    expect(awaitReady).not.toHaveBeenCalled();
  });

  it.each([
    ["its volume has grown", { volumeGb: volumeGb + 10 }],
    ["it was resized", { serverType: "cx53" }],
  ])("are observed again by the known host key where %s", async (_, change) => {
    expect(await observe({ known: KNOWN, ...change })).toEqual({ ...KNOWN, ...change, ...OBSERVED });
    expect(awaitReady).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ identity: { hostKey: KNOWN.hostKey } }),
    );
  });

  it("are observed again, and the host key verified again, where the server was replaced", async () => {
    await observe({ known: { ...KNOWN, server: "41" } });
    expect(awaitReady).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ identity: { verificationKey: "ssh-ed25519 AAAA" } }),
    );
  });

  it("are observed over the tailnet where SSH is closed", async () => {
    await observe({ sshAddress: "test-eu-1.tail1234.ts.net" });
    expect(awaitReady).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ address: "test-eu-1.tail1234.ts.net" }),
    );
  });

  it("need no login in a preview: those of a new server are unknown", async () => {
    vi.spyOn(pulumi.runtime, "isDryRun").mockReturnValue(true);
    const { hostKey, docker } = await observe();
    expect([hostKey, docker]).toEqual([pulumi.unknown, pulumi.unknown]);
    expect(await observe({ known: KNOWN, serverType: "cx53" })).toEqual({ ...KNOWN, serverType: "cx53" });
    expect(awaitReady).not.toHaveBeenCalled();
  });

  it("report a server that does not become ready as an error of its host", async () => {
    vi.mocked(awaitReady).mockRejectedValue(new Error("eu-1 was not ready"));
    await expect(observe()).rejects.toThrow(new HostError("eu-1 was not ready"));
  });
});
