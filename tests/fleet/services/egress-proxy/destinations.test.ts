import { BlockList, isIPv6 } from "node:net";
import { describe, expect, it } from "vitest";
import { FORBIDDEN } from "../../../../fleet/services/egress-proxy/destinations.ts";

const familyOf = (address: string): "ipv4" | "ipv6" => (isIPv6(address) ? "ipv6" : "ipv4");

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [first = "", prefix = ""] = range.split("/");
    list.addSubnet(first, Number(prefix), familyOf(first));
  }
  return list;
}

describe("the forbidden destinations", () => {
  const forbidden = listOf(FORBIDDEN);

  it.each([
    ["this host", "0.0.0.0"],
    ["private", "10.255.255.255"],
    ["private", "172.31.255.255"],
    ["private", "192.168.0.1"],
    ["carrier-grade NAT", "100.127.0.1"],
    ["loopback", "127.255.0.1"],
    ["link-local, a cloud's metadata", "169.254.169.254"],
    ["protocol assignments", "192.0.0.170"],
    ["documentation", "192.0.2.1"],
    ["documentation", "198.51.100.1"],
    ["documentation", "203.0.113.1"],
    ["6to4 relay", "192.88.99.1"],
    ["benchmarks", "198.19.0.1"],
    ["multicast", "224.0.0.251"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["IPv4-compatible", "::127.0.0.1"],
    ["IPv4-translated", "::ffff:0:127.0.0.1"],
    ["NAT64", "64:ff9b::7f00:1"],
    ["NAT64 of a network's own", "64:ff9b:1::7f00:1"],
    ["discard", "100::1"],
    ["Teredo", "2001::1"],
    ["benchmarks", "2001:2::1"],
    ["ORCHID", "2001:20::1"],
    ["documentation", "2001:db8::1"],
    ["documentation", "3fff::1"],
    ["6to4", "2002:7f00:1::1"],
    ["segment routing", "5f00::1"],
    ["unique local", "fd00::1"],
    ["link-local", "fe80::1"],
    ["site-local", "fec0::1"],
    ["multicast", "ff02::1"],
  ])("include %s: %s", (_, address) => {
    expect(forbidden.check(address, familyOf(address))).toBe(true);
  });

  it.each([
    "1.1.1.1",
    "9.255.255.255",
    "100.128.0.0",
    "172.32.0.0",
    "192.0.1.0",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "2a00:1450::1",
  ])("leave the internet reachable: %s", (address) => {
    expect(forbidden.check(address, familyOf(address))).toBe(false);
  });

  it("contain no range within another, of which Squid would ignore one", () => {
    const within = FORBIDDEN.filter((range) => {
      const first = range.split("/")[0] ?? "";
      return listOf(FORBIDDEN.filter((other) => other !== range)).check(first, familyOf(first));
    });
    expect(within).toEqual([]);
  });
});
