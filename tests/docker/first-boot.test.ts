/** The first boot of a server: its user data is read by real cloud-init on a Debian of its own. */
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  ATTESTATIONS_FILE,
  STATUS_FILE,
  VERIFICATION_MARK,
} from "../../fleet/hosts/hetzner/first-boot/script.ts";
import { renderFirstBoot } from "../../fleet/hosts/hetzner/first-boot.ts";
import { run } from "../../system/run.ts";
import { CloudServer, canCreateServers, DataVolume, prepareServers } from "../support/hosts/cloud-server.ts";

const FIRST_BOOT = "/usr/local/lib/agent-fleet/first-boot";
const FIREWALL = "/etc/agent-fleet/firewall.nft";
const ATTACHED_AFTER_MS = 3000;
const DONE_WITHIN_MS = 240_000;

/** Where a cloud serves a machine its secrets. */
const METADATA = "169.254.169.254";
const SUBNET = "10.96.0.0/29";
const BRIDGE = "10.96.0.1";
const OTHER_PORT = 8080;

if (!canCreateServers()) console.warn("SKIPPED: a server's first boot, which takes root and apt");

describe.skipIf(!canCreateServers())("the first boot of a server", () => {
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-first-boot-"));
  const servers: CloudServer[] = [];
  let login: string;
  let verificationKey: string;
  let userData: string;
  let volume: DataVolume;
  let server: CloudServer;

  const publicKey = async (name: string, comment: string): Promise<string> => {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", join(folder, name)]);
    return readFileSync(join(folder, `${name}.pub`), "utf8").trim();
  };
  const boot = async (index: number, text: string, address?: string): Promise<CloudServer> => {
    const authorizedKeys = [verificationKey];
    const created = await CloudServer.boot({
      index,
      name: `host-${index}`,
      userData: text,
      authorizedKeys,
      address,
    });
    servers.push(created);
    return created;
  };
  const outcome = (of: CloudServer): Promise<string> =>
    vi.waitFor(
      async () => {
        const status = await of.exec(`cat ${STATUS_FILE}`);
        expect(status).toMatch(/^(done|failed)/);
        return status;
      },
      { timeout: DONE_WITHIN_MS, interval: 250 },
    );
  const ssh = (of: CloudServer, command: string): Promise<string> => {
    const options = [
      "StrictHostKeyChecking=no",
      "UserKnownHostsFile=/dev/null",
      "LogLevel=ERROR",
      "BatchMode=yes",
    ];
    const args = [...options.flatMap((option) => ["-o", option]), "-i", join(folder, "login")];
    return run("ssh", [...args, `root@${of.address}`, command]);
  };

  beforeAll(async () => {
    await prepareServers();
    login = await publicKey("login", "operator@example.com");
    verificationKey = await publicKey("verification", VERIFICATION_MARK);
    userData = renderFirstBoot({
      subnets: "10.96.0.0/16",
      servicePorts: [80, 443, 3128],
      publicPorts: [80, 443],
      hasDataVolume: true,
      publicKeys: [login],
    });
    volume = await DataVolume.create(300);
    server = await boot(91, userData);
    await sleep(ATTACHED_AFTER_MS);
    await server.attachVolume(volume);
    expect(await outcome(server), server.console()).toBe("done");
  });

  afterAll(async () => {
    for (const each of servers) await each.remove();
    await volume?.remove();
    rmSync(folder, { recursive: true });
  });

  it("is accepted by cloud-init, sshd, nftables and systemd without a warning", async () => {
    expect(
      await server.exec("cloud-init schema --config-file /var/lib/cloud/seed/nocloud/user-data"),
    ).toMatch(/^Valid schema/);
    expect(await server.exec("grep WARNING /var/log/cloud-init.log || true")).toBe("");
    expect(await server.exec(`sshd -t && nft --check --file ${FIREWALL}`)).toBe("");
    // Units that wait for each other in a circle start in an arbitrary order, or not at all.
    const targets = "multi-user.target cloud-init.target";
    expect(await server.exec(`systemd-analyze verify --man=no ${targets} 2>&1`)).toBe("");
    expect(await server.exec("cat /var/log/systemctl-refused 2>/dev/null || true")).toBe("");
  });

  it("accepts many SSH connections at once, and no passwords", async () => {
    const settings = (await ssh(server, "sshd -T")).split("\n");
    expect(settings).toEqual(
      expect.arrayContaining([
        "maxstartups 200:30:400",
        "maxsessions 200",
        "passwordauthentication no",
        "kbdinteractiveauthentication no",
        "permitrootlogin without-password",
      ]),
    );
  });

  it("attests the host key with the verification key, which does not permit a login", async () => {
    const key = verificationKey.split(" ").slice(0, 2).join(" ");
    const attestation = createHmac("sha256", key).update(server.hostKey()).digest("hex");
    expect((await ssh(server, `cat ${ATTESTATIONS_FILE}`)).split("\n")).toContain(attestation);
    expect(await server.exec("cat /root/.ssh/authorized_keys")).toBe(login);
    expect(await server.exec("ls /home; ls /etc/ssh/ssh_host_*_key")).toBe("/etc/ssh/ssh_host_ed25519_key");
  });

  it("runs Docker as configured, next to a swap file", async () => {
    const info = JSON.parse(await server.exec("docker info --format '{{json .}}'")) as Record<
      string,
      unknown
    >;
    expect(info).toMatchObject({ LiveRestoreEnabled: true, LoggingDriver: "json-file", Driver: "overlay2" });
    expect(await server.exec("cat /run/swaps /proc/sys/vm/swappiness")).toBe("/swapfile\n10");
    expect(
      await server.exec("systemctl is-enabled docker agent-fleet-firewall ssh unattended-upgrades"),
    ).toBe("enabled\nenabled\nenabled\nenabled");
    expect(await server.exec("apt-config dump Unattended-Upgrade::Automatic-Reboot")).toContain('"false"');
  });

  describe("with an agent network on it", () => {
    const outside: Server[] = [];
    const outsideOf = (address: string, port: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const listener = createServer((socket) => socket.on("error", () => {}).end("outside\n"));
        outside.push(listener.on("error", reject).listen(port, address, resolve));
      });
    const neighbour = "10.202.91.1";
    const services = [`${BRIDGE}:80`, `${BRIDGE}:443`, `${BRIDGE}:3128`];
    const forbidden = [
      `${BRIDGE}:22`,
      `${BRIDGE}:${OTHER_PORT}`,
      "10.202.91.2:22",
      `10.202.91.2:${OTHER_PORT}`,
      `${METADATA}:80`,
      `${neighbour}:${OTHER_PORT}`,
    ];

    /** Those that answer a process in the network. */
    const reached = async (): Promise<string[]> => {
      const script = [...services, ...forbidden].map(
        (target) => `(nc -w 3 ${target.replace(":", " ")} </dev/null | grep -q . && echo ${target}) &`,
      );
      const answered = await server.exec(`docker exec agent sh -c '${script.join("\n")}\nwait'`);
      return answered.split("\n").filter(Boolean).toSorted();
    };

    beforeAll(async () => {
      // What answers on the host itself.
      const listen = `
import socketserver
class Hello(socketserver.BaseRequestHandler):
    def handle(self): self.request.sendall(b"host\\n")
class Server(socketserver.ThreadingTCPServer): allow_reuse_address = True
import threading
for port in [80, 443, 3128, ${OTHER_PORT}]: threading.Thread(target=Server(("", port), Hello).serve_forever).start()`;
      await server.exec(`setsid python3 -c '${listen}' </dev/null >/dev/null 2>&1 &`);
      await run("ip", ["address", "add", `${METADATA}/32`, "dev", "fleetr91"]);
      await outsideOf(METADATA, 80);
      await outsideOf(neighbour, OTHER_PORT);
      await server.exec(`set -e
        mkdir -p /tmp/agent/bin && cp /usr/bin/busybox /tmp/agent/bin && ln -s busybox /tmp/agent/bin/sh
        for each in nc grep sleep cat; do ln -s busybox /tmp/agent/bin/$each; done
        tar --create --directory /tmp/agent . | docker import - agent
        docker network create --subnet ${SUBNET} agent
        docker volume create --label agent-fleet.agent=ann data
        docker run --detach --name agent --restart unless-stopped --network agent --publish 9000:9000 \\
          --volume data:/data --init agent sh -c "echo memories >/data/file; sleep 100000"`);
    });
    afterAll(() => {
      for (const each of outside) each.close();
    });

    it("keeps it away from the host, its neighbours and the cloud's metadata, but not from the services", async () => {
      expect(await reached()).toEqual(services.toSorted());
    });

    /** Entries in connection tracking of what was sent to the host, after a burst of datagrams to as many ports. */
    const trackedOf = async (ports: number): Promise<number> => {
      const burst = `
import socket
for port in range(20000, 20000 + ${ports}): socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("${BRIDGE}", port))`;
      const count = "cat /proc/sys/net/netfilter/nf_conntrack_count";
      const before = Number(await server.exec(count));
      await server.exec(
        `nsenter --net --target "$(docker inspect --format '{{.State.Pid}}' agent)" python3 -c '${burst}'`,
      );
      return Number(await server.exec(count)) - before;
    };

    it("drops what is not for a service before it takes space in connection tracking", async () => {
      expect(await trackedOf(500)).toBeLessThan(250);
      await server.exec("nft delete chain inet agent_fleet input");
      await server.exec("nft flush chain inet agent_fleet prerouting");
      expect(await trackedOf(500)).toBeGreaterThan(250);
      await server.exec(`nft --file ${FIREWALL}`);
    });

    it("would not without the packet filter, which takes effect when it is loaded again", async () => {
      await server.exec("nft delete table inet agent_fleet");
      expect(await reached()).toEqual([...services, ...forbidden].toSorted());
      await server.exec(`nft --file ${FIREWALL} && nft --file ${FIREWALL}`);
      expect(await reached()).toEqual(services.toSorted());
    });

    it("runs no proxy process of Docker for a published port", async () => {
      expect(await server.exec("docker port agent")).toContain("9000");
      expect(await server.exec("pgrep docker-proxy || echo none")).toBe("none");
    });

    it("is restored when the server has been powered off", async () => {
      await server.powerOff();
      await server.powerOn();
      await vi.waitFor(
        async () => expect(await server.exec("docker exec agent cat /data/file")).toBe("memories"),
        {
          timeout: 30_000,
          interval: 250,
        },
      );
      expect(await ssh(server, "mountpoint /var/lib/docker/volumes")).toContain("is a mountpoint");
      expect(await server.exec("cat /mnt/agent-data/docker-volumes/data/_data/file")).toBe("memories");
      expect(await reached()).toEqual([]);
    });
  });

  it("finds the data on its predecessor's volume, and nothing else of its Docker", async () => {
    await server.remove();
    const next = await boot(92, userData, server.address);
    await next.attachVolume(volume);
    expect(await outcome(next), next.console()).toBe("done");
    expect(await ssh(next, "cat /var/lib/docker/volumes/data/_data/file")).toBe("memories");
    expect(await ssh(next, "docker volume ls --quiet --filter label=agent-fleet.agent=ann")).toBe("data");
    expect(await ssh(next, "docker ps --all --quiet; docker network ls --quiet --filter name=agent")).toBe(
      "",
    );
  });

  it("does not mistake another volume or the server's disk for its own when it is run again", async () => {
    const [next] = servers.slice(-1);
    if (next === undefined) throw new Error("no server");
    const other = await DataVolume.create(300);
    try {
      await next.powerOff();
      await next.detachVolume(volume);
      await next.attachVolume(other);
      await next.powerOn();
      expect(await ssh(next, "pgrep dockerd || echo none")).toBe("none");
      await expect(ssh(next, FIRST_BOOT)).rejects.toThrow("does /etc/fstab name another volume?");
      expect(await outcome(next)).toMatch(/^failed mounting the data volume: /);
    } finally {
      await next.remove();
      await other.remove();
    }
  });

  it("reports a missing volume, starts no Docker on the server's disk, and continues when it is run again", async () => {
    const late = await boot(93, userData.replaceAll("seq 300", "seq 2").replaceAll("in 300 s", "in 2 s"));
    expect(await outcome(late)).toBe(
      "failed waiting for the data volume: no data volume was attached in 2 seconds",
    );
    expect(await ssh(late, "pgrep dockerd || echo none")).toBe("none");
    await late.attachVolume(volume);
    await ssh(late, FIRST_BOOT);
    expect(await outcome(late)).toBe("done");
    expect(await ssh(late, "grep --count . /root/.ssh/authorized_keys; docker volume ls --quiet")).toBe(
      "1\ndata",
    );
  });
});
