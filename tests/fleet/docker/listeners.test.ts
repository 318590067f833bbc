import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { HeldPort } from "../../../fleet/docker/inventory.ts";
import { parseListeners, portConflicts, portGuard } from "../../../fleet/docker/listeners.ts";
import type { ServicePort } from "../../../fleet/services/service.ts";
import { hostPlan } from "../../support/docker-plans.ts";

const row = (address: string, port: string, state = "0A"): string =>
  `   0: ${address}:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1205 1 0000000000000000 100 0 0 10 0`;
const V6 = "00000000000000000000000000000000";
const table = (...rows: readonly string[]): string =>
  [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    ...rows,
    "",
  ].join("\n");

describe("the kernel's list of sockets", () => {
  it("is read as addresses and ports of those that listen", () => {
    expect(
      parseListeners(
        table(
          row("0100007F", "20FB"),
          row("00000000", "01BB"),
          row("0100007F", "0050", "01"),
          row(V6, "0016"),
          row("0000000000000000FFFF00000200000A", "0C38"),
          row("00000000000000000000000001000000", "0C38"),
        ),
      ).map(({ address, port }) => `${address} ${port}`),
    ).toEqual(["127.0.0.1 8443", "0.0.0.0 443", "0.0.0.0 22", "10.0.0.2 3128", ":: 3128"]);
  });

  it("is empty where there is none", () => {
    expect(parseListeners("")).toEqual([]);
  });
});

describe("a service's guard", () => {
  const port = (addresses: readonly string[]): ServicePort => ({
    setting: "ingress.port",
    port: 8443,
    addresses,
    openTo: "everyone",
  });
  /** As in the container: with the first line's expression. */
  const isTaken = (addresses: readonly string[], ...rows: readonly string[]): boolean => {
    const [pattern = ""] = portGuard([port(addresses)]).split("\t");
    return spawnSync("grep", ["-qE", pattern], { input: table(...rows) }).status === 0;
  };

  it("names the port and its setting", () => {
    expect(portGuard([port(["0.0.0.0"])])).toMatch(/\t8443 \(ingress\.port\)\n$/);
  });

  it.each([
    ["the same address", ["127.0.0.1"], row("0100007F", "20FB"), true],
    ["every address", ["127.0.0.1"], row("00000000", "20FB"), true],
    ["every address of either family", ["127.0.0.1"], row(V6, "20FB"), true],
    ["an address, where the service listens on all", ["0.0.0.0"], row("0200000A", "20FB"), true],
    ["another address", ["127.0.0.1"], row("0200000A", "20FB"), false],
    ["another port", ["0.0.0.0"], row("00000000", "20FC"), false],
    ["nothing: a connection is no listener", ["0.0.0.0"], row("0100007F", "20FB", "01"), false],
  ])("sees whether another process listens on %s", (_, addresses, line, taken) => {
    expect(isTaken(addresses, line)).toBe(taken);
  });
});

describe("a port that a service needs", () => {
  const host = hostPlan({ ingress: { listen: ["127.0.0.1"], port: 8443 } });
  const held = (change: Partial<HeldPort>): HeldPort[] => [
    { address: "127.0.0.1", port: 8443, inode: "1", holder: "python3 (process 4711)", ...change },
  ];
  const conflicts = (change: Partial<HeldPort>, own: readonly string[] = []) =>
    portConflicts(host, held(change), [{ id: "foreign", name: "fleet.other.host_ingress" }], new Set(own));

  it("is refused by setting, address and holder where something else listens", () => {
    expect(conflicts({})).toEqual([
      {
        path: "ingress.port",
        value: 8443,
        message: "python3 (process 4711) listens on 127.0.0.1:8443 of host one already",
        remedy: "end it, or choose another port",
      },
    ]);
    expect(conflicts({ container: "foreign" }, ["own"])[0]?.message).toBe(
      "python3 (process 4711) in container fleet.other.host_ingress listens on 127.0.0.1:8443 of host one already",
    );
    expect(conflicts({ address: "0.0.0.0", port: 3128 })).toMatchObject([{ path: "egressProxy.port" }]);
  });

  it("is refused where something else listens on every address", () => {
    expect(conflicts({ address: "0.0.0.0" })).toHaveLength(1);
    expect(conflicts({ address: "::" })).toHaveLength(1);
  });

  it("is not taken by the fleet's own service, on another address, or on another port", () => {
    expect(conflicts({ container: "own" }, ["own"])).toEqual([]);
    expect(conflicts({ address: "10.0.0.2" })).toEqual([]);
    expect(conflicts({ port: 8444 })).toEqual([]);
  });
});
