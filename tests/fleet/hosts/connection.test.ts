import { describe, expect, it } from "vitest";
import type { DockerConnection } from "../../../fleet/hosts/connection.ts";
import { config, fleet, problemsOf } from "../../support/fleets.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJvbmmbDQHQz1tzTJ3GkvBEYRFJ4bT5mYyAWHHtrRf1J";
const ssh = (settings: object) => ({ hosts: { one: { kind: "ssh", address: "203.0.113.5", ...settings } } });
const connection = (settings: object = {}): DockerConnection | undefined =>
  fleet(ssh(settings)).hosts.get("one")?.connection;

describe("the Docker connection of a host that is reached by SSH", () => {
  it("is made with its user's login there, on its port", () => {
    expect(connection()?.address).toBe("ssh://root@203.0.113.5");
    expect(connection({ user: "fleet", port: 2222 })?.address).toBe("ssh://fleet@203.0.113.5:2222");
  });

  it("is authenticated by the key that is named, and by no other", () => {
    const options = connection({ key: "~/.ssh/fleet" })?.sshOptions.join(" ");
    expect(options).toContain("-i ~/.ssh/fleet -o IdentitiesOnly=yes");
    expect(connection()?.sshOptions).not.toContain("-i");
  });

  it("verifies the host key that is pinned, and otherwise the user's known hosts: never blindly", () => {
    const pinned = connection({ hostKey: KEY })?.sshOptions ?? [];
    expect(pinned).toContain(`KnownHostsCommand=/bin/echo %H ${KEY}`);
    expect(pinned).toContain("UserKnownHostsFile=/dev/null");
    for (const options of [pinned, connection()?.sshOptions])
      expect(options).toContain("StrictHostKeyChecking=yes");
    expect(connection()?.sshOptions.join(" ")).not.toContain("KnownHosts");
  });

  it("never waits for a password, nor for ever", () => {
    expect(connection({ connectSeconds: 7 })?.sshOptions).toEqual(
      expect.arrayContaining(["BatchMode=yes", "ConnectTimeout=7", "ServerAliveInterval=15"]),
    );
  });

  it.each([
    { name: "an option as an address", settings: { address: "-oProxyCommand=sh" } },
    { name: "an option as a user", settings: { user: "-l" } },
    { name: "an option as a key", settings: { key: "-F/tmp/x" } },
    { name: "a command in the host key", settings: { hostKey: "ssh-ed25519 AAAA; rm" } },
  ])("cannot be given $name", ({ settings }) => {
    expect(problemsOf(config(ssh(settings)))).toHaveLength(1);
  });

  it("is known as one daemon, whatever its hosts are called", () => {
    const hosts = { one: { kind: "ssh", address: "h" }, two: { kind: "ssh", address: "h" } };
    expect(problemsOf(config({ hosts }))).toEqual([
      expect.stringContaining("host one is the same Docker daemon"),
    ]);
  });
});
