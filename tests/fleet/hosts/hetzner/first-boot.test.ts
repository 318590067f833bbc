import { describe, expect, it } from "vitest";
import { DOCKER_ADDRESS, renderFirstBoot } from "../../../../fleet/hosts/hetzner/first-boot.ts";

const OPTIONS = {
  publicKeys: ["ssh-ed25519 AAAA"],
  subnets: "10.96.0.0/16",
  servicePorts: [443, 3128],
  publicPorts: [443],
  hasDataVolume: true,
};

interface File {
  path: string;
  content: string;
  permissions: string;
}

const cloudConfig = (options = OPTIONS) => {
  const [head, ...rest] = renderFirstBoot(options).split("\n");
  return { head, config: JSON.parse(rest.join("\n")) };
};

const file = (path: string, options = OPTIONS): string =>
  cloudConfig(options).config.write_files.find((each: File) => each.path === path)?.content ?? "";

describe("a server's user data", () => {
  it("is a cloud-config that Hetzner accepts: at most 32 KiB", () => {
    const { head, config } = cloudConfig();
    expect(head).toBe("#cloud-config");
    expect(config.runcmd).toEqual([["/usr/local/lib/agent-fleet/first-boot"]]);
    expect(Buffer.byteLength(renderFirstBoot(OPTIONS))).toBeLessThan(32_768);
  });

  it("lets only root log in, and only with a key", () => {
    expect(cloudConfig().config).toMatchObject({ disable_root: false, users: [], ssh_pwauth: false });
    const sshd = file("/etc/ssh/sshd_config.d/10-agent-fleet.conf");
    expect(sshd).toContain("PasswordAuthentication no\n");
    expect(sshd).toContain("PermitRootLogin prohibit-password\n");
  });

  it("configures Docker to outlive its own updates, and to publish nothing", () => {
    expect(JSON.parse(file("/etc/docker/daemon.json"))).toMatchObject({
      bip: `${DOCKER_ADDRESS}/16`,
      "live-restore": true,
      "userland-proxy": false,
    });
  });

  it("starts Docker only behind the firewall, and only with the agents' data", () => {
    const unit = "/etc/systemd/system/docker.service.d/agent-fleet.conf";
    expect(file(unit)).toContain("Requires=agent-fleet-firewall.service\n");
    expect(file(unit)).toContain("RequiresMountsFor=/var/lib/docker/volumes\n");
    expect(file(unit, { ...OPTIONS, hasDataVolume: false })).not.toContain("RequiresMountsFor");
  });

  it("installs security updates, and never reboots by itself", () => {
    const upgrades = file("/etc/apt/apt.conf.d/60agent-fleet");
    expect(upgrades).toContain('Unattended-Upgrade "1"');
    expect(upgrades).toContain('Automatic-Reboot "false"');
  });
});
