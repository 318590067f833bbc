/**
 * A server's user data: what cloud-init makes of a plain Debian.
 *
 * It is the same for every server of a group and holds no secret, because any process on a server can read it, and a change
 * to it would replace the server. A server reads it at its first boot, and changes of it are ignored afterwards.
 */
import { type HostFirewall, renderHostFirewall } from "./first-boot/firewall.ts";
import { renderScript, type Script } from "./first-boot/script.ts";

export type FirstBoot = HostFirewall & Script;

const SCRIPT = "/usr/local/lib/agent-fleet/first-boot";
const FIREWALL = "/etc/agent-fleet/firewall.nft";

/** Where containers outside the agents' networks reach the server: Docker's default bridge, as configured below. */
export const DOCKER_ADDRESS = "172.17.0.1";

const DOCKER = {
  bip: `${DOCKER_ADDRESS}/16`,
  // An update of Docker does not stop the agents.
  "live-restore": true,
  "log-driver": "json-file",
  "log-opts": { "max-file": "3", "max-size": "10m" },
  // Nothing is published by Docker.
  "userland-proxy": false,
};

/** Docker's clients open a connection for each call that runs in parallel; sshd's own limits drop the eleventh. */
const SSHD = `PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
X11Forwarding no
MaxStartups 200:30:400
MaxSessions 200
`;

/** Never reboots by itself: that would stop every agent on the server at an unplanned time. */
const UPGRADES = `APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
Unattended-Upgrade::Automatic-Reboot "false";
`;

/** Not before the network: Debian's cloud-init waits for that, and all that is not early boot waits for cloud-init. */
const FIREWALL_UNIT = `[Unit]
Description=What agents' subnets may not reach
Before=docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft --file ${FIREWALL}

[Install]
WantedBy=multi-user.target
`;

/** Without the subnets' filter, or without the agents' data, Docker does not start: an empty volume looks like a new agent. */
const dockerUnit = (hasDataVolume: boolean): string => `[Unit]
Requires=agent-fleet-firewall.service
After=agent-fleet-firewall.service
${hasDataVolume ? "RequiresMountsFor=/var/lib/docker/volumes\n" : ""}`;

export function renderFirstBoot(options: FirstBoot): string {
  const file = (path: string, content: string, permissions = "0644"): object => ({
    path,
    content,
    permissions,
  });
  const config = {
    // Whatever the image's default is: only root logs in, and the keys open no other account, in particular none with sudo.
    disable_root: false,
    users: [],
    ssh_deletekeys: true,
    ssh_genkeytypes: ["ed25519"],
    ssh_pwauth: false,
    write_files: [
      file("/etc/docker/daemon.json", `${JSON.stringify(DOCKER, null, 1)}\n`),
      file("/etc/ssh/sshd_config.d/10-agent-fleet.conf", SSHD),
      file("/etc/apt/apt.conf.d/60agent-fleet", UPGRADES),
      file("/etc/sysctl.d/60-agent-fleet.conf", "vm.swappiness = 10\n"),
      file(FIREWALL, renderHostFirewall(options)),
      file("/etc/systemd/system/agent-fleet-firewall.service", FIREWALL_UNIT),
      file("/etc/systemd/system/docker.service.d/agent-fleet.conf", dockerUnit(options.hasDataVolume)),
      file(SCRIPT, renderScript(options), "0755"),
    ],
    runcmd: [[SCRIPT]],
  };
  // JSON is YAML, and leaves nothing to quoting.
  return `#cloud-config\n${JSON.stringify(config, null, 1)}\n`;
}
