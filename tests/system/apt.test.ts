import { describe, expect, it } from "vitest";
import { isDebianFamily } from "../../system/apt.ts";

describe("isDebianFamily", () => {
  it.each([
    ["Debian", "NAME=x\nID=debian\n", true],
    ["Ubuntu", 'ID=ubuntu\nID_LIKE="debian"\n', true],
    ["a child of Ubuntu", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
    ["Fedora", "ID=fedora\n", false],
    ["a name that only contains one", "ID=notdebian\nVERSION_ID=debian\n", false],
    ["nothing", "", false],
  ])("knows %s", (_, osRelease, expected) => {
    expect(isDebianFamily(osRelease)).toBe(expected);
  });
});
