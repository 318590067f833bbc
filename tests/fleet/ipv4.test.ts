import { describe, expect, it } from "vitest";
import { isIpv4, overlaps, parseCidr, renderAddress, sizeOf } from "../../fleet/ipv4.ts";

describe("IPv4 ranges", () => {
  it("begin at their first address whichever address inside was written", () => {
    expect(parseCidr("10.96.77.3/16")).toEqual(parseCidr("10.96.0.0/16"));
    expect(renderAddress(parseCidr("10.96.77.3/16").first)).toBe("10.96.0.0");
    expect(parseCidr("192.0.2.7")).toEqual(parseCidr("192.0.2.7/32"));
  });

  it.each([
    ["10.0.0.0/30", 4],
    ["10.0.0.1/32", 1],
    ["0.0.0.0/0", 2 ** 32],
  ])("%s contains %i addresses", (range, size) => {
    expect(sizeOf(parseCidr(range))).toBe(size);
  });

  it.each([
    ["10.0.0.0/8", "10.96.0.0/16", true],
    ["10.96.0.0/16", "10.97.0.0/16", false],
    ["10.96.0.0/16", "10.95.0.0/16", false],
    ["172.16.0.0/12", "172.31.255.255/32", true],
    ["0.0.0.0/0", "255.255.255.255/32", true],
  ])("%s and %s overlap: %s", (one, other, expected) => {
    expect(overlaps(parseCidr(one), parseCidr(other))).toBe(expected);
    expect(overlaps(parseCidr(other), parseCidr(one))).toBe(expected);
  });

  it("are addresses up to the highest", () => {
    expect(renderAddress(2 ** 32 - 1)).toBe("255.255.255.255");
    expect(renderAddress(0)).toBe("0.0.0.0");
  });

  it.each([
    ["203.0.113.9", true],
    ["paris.example.net", false],
    ["2001:db8::1", false],
    ["1.2.3", false],
  ])("%s is an IPv4 address: %s", (text, expected) => {
    expect(isIpv4(text)).toBe(expected);
  });
});
