import { describe, expect, it } from "vitest";
import { checkHostNetworking } from "../../system/host-networking.ts";

/** Checks a daemon on the given system; returns whether a container was tried. */
async function check(system: string, reachable: boolean): Promise<boolean> {
  let tried = false;
  await checkHostNetworking(
    { image: "caddy:2" },
    {
      operatingSystem: async () => system,
      reachesHostNetwork: async () => {
        tried = true;
        return reachable;
      },
    },
  );
  return tried;
}

describe("checkHostNetworking", () => {
  it("tries nothing on a plain daemon", async () => {
    expect(await check("Debian GNU/Linux 12 (bookworm)", false)).toBe(false);
  });

  it("tries a container on Docker Desktop, and accepts that it is reached", async () => {
    expect(await check("Docker Desktop", true)).toBe(true);
  });

  it("names the setting of Docker Desktop that is off", async () => {
    await expect(check("Docker Desktop 4.40", false)).rejects.toThrow("Enable host networking");
  });
});
