import { describe, expect, it } from "vitest";
import { engineOf } from "../../../fleet/hosts/connection.ts";
import { config, fleet, problemsOf } from "../../support/fleets.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJvbmmbDQHQz1tzTJ3GkvBEYRFJ4bT5mYyAWHHtrRf1J";
const ssh = (settings: object) => ({ hosts: { one: { kind: "ssh", address: "203.0.113.5", ...settings } } });
const engine = (settings: object = {}) => {
  const { one } = fleet(ssh(settings)).hosts;
  if (one === undefined) throw new Error("no host");
  return engineOf(one);
};

describe("the engine of a host that is reached by SSH", () => {
  it("is at its user's login there, on its port", () => {
    expect(engine()?.address).toBe("ssh://root@203.0.113.5");
    expect(engine({ user: "fleet", port: 2222 })?.address).toBe("ssh://fleet@203.0.113.5:2222");
  });

  it("is let in by the key that is named, and by no other", () => {
    const options = engine({ key: "~/.ssh/fleet" })?.sshOptions.join(" ");
    expect(options).toContain("-i ~/.ssh/fleet -o IdentitiesOnly=yes");
    expect(engine()?.sshOptions).not.toContain("-i");
  });

  it("is known by the host key that is pinned, and by the user's known hosts otherwise: never blindly", () => {
    const pinned = engine({ hostKey: KEY })?.sshOptions ?? [];
    expect(pinned).toContain(`KnownHostsCommand=/bin/echo %H ${KEY}`);
    expect(pinned).toContain("UserKnownHostsFile=/dev/null");
    for (const options of [pinned, engine()?.sshOptions])
      expect(options).toContain("StrictHostKeyChecking=yes");
    expect(engine()?.sshOptions.join(" ")).not.toContain("KnownHosts");
  });

  it("never waits for a password, nor for ever", () => {
    expect(engine({ connectSeconds: 7 })?.sshOptions).toEqual(
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

  it("is one engine, whatever it is called", () => {
    const hosts = { one: { kind: "ssh", address: "h" }, two: { kind: "ssh", address: "h" } };
    expect(problemsOf(config({ hosts }))).toEqual([
      expect.stringContaining("host one is the same Docker engine"),
    ]);
  });
});
