import { describe, expect, it } from "vitest";
import { fetchesToolchains, toolchainModule } from "../../images/go.ts";

describe("fetchesToolchains", () => {
  it.each([
    ["go version go1.26.8 linux/amd64", true],
    ["go version go1.21rc2 linux/arm64", true],
    ["go version go2.0 linux/amd64", true],
    ["go version go1.19.8 linux/amd64", false],
    ["go version go1.3 linux/amd64", false],
    ["go version devel", false],
  ])("of %s is %s", (line, expected) => {
    expect(fetchesToolchains(line)).toBe(expected);
  });
});

describe("toolchainModule", () => {
  it.each([
    ["x64", "linux-amd64"],
    ["arm64", "linux-arm64"],
  ])("for %s ends in %s", (arch, platform) => {
    expect(toolchainModule(arch)).toMatch(
      new RegExp(`^golang\\.org/toolchain@v0\\.0\\.1-go1\\.\\d+\\.\\d+\\.${platform}$`),
    );
  });
});
