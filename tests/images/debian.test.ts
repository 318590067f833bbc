import { describe, expect, it } from "vitest";
import { sourcesFrom } from "../../images/debian.ts";

describe("sourcesFrom", () => {
  it("uses the machine's own Debian mirrors, whichever release it runs", () => {
    const targets = [
      "https://packages.example/other/ Other",
      "http://mirror.example/security/ Debian-Security",
      "http://mirror.example/debian/ Debian",
      "http://second.example/debian/ Debian",
    ];
    expect(sourcesFrom(targets.join("\n"))).toEqual([
      "deb http://mirror.example/debian/ bookworm main",
      "deb http://mirror.example/security/ bookworm-security main",
    ]);
  });

  it.each([
    ["Ubuntu", "http://mirror.example/ubuntu/ Ubuntu"],
    ["a machine without security updates", "http://mirror.example/debian/ Debian"],
    ["no lists", ""],
  ])("leaves the choice to mmdebstrap on %s", (_, targets) => {
    expect(sourcesFrom(targets)).toEqual([]);
  });
});
