import { connect, ping, UnreachableError } from "docker-connection";
import { openTunnel } from "docker-connection/tunnel";
import { describe, expect, it } from "vitest";

const ADDRESS = "ssh://nobody@127.0.0.1:1";
const OPTIONS = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=2"];

describe("a tunnel that cannot be opened", () => {
  it("reports why, and what to try by hand", async () => {
    await expect(openTunnel(ADDRESS, OPTIONS)).rejects.toThrow(
      /^ssh:\/\/nobody@127\.0\.0\.1:1 cannot be reached: .*refused.*Does this work\? ssh -o BatchMode=yes -o ConnectTimeout=2 -T -l nobody -p 1 -- 127\.0\.0\.1 docker version$/,
    );
  });

  it("fails the client's calls with the same error", async () => {
    const docker = connect({ address: ADDRESS, sshOptions: OPTIONS });
    await expect(ping(docker, 10_000)).rejects.toThrow(UnreachableError);
  });
});
