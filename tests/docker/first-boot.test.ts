/** What a rented server makes of its user data: read by real cloud-init on a Debian of its own. */
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { INTRODUCTION, MARK, PROOFS } from "../../fleet/hosts/hetzner/first-boot/script.ts";
import { renderFirstBoot } from "../../fleet/hosts/hetzner/first-boot.ts";
import { run } from "../../system/run.ts";
import { canRentServers, DataVolume, prepareServers, RentedServer } from "../support/cloud-server.ts";

const FIRST_BOOT = "/usr/local/lib/agent-fleet/first-boot";
const FIREWALL = "/etc/agent-fleet/firewall.nft";
const ATTACHED_AFTER_MS = 3000;
const DONE_WITHIN_MS = 240_000;

/** Where a cloud tells a server its secrets. */
const METADATA = "169.254.169.254";
const ROOM = "10.96.0.0/29";
const BRIDGE = "10.96.0.1";
const ELSEWHERE = 8080;

if (!canRentServers()) console.warn("SKIPPED: a server's first boot, which takes root and apt");

describe.skipIf(!canRentServers())("the first boot of a rented server", () => {
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-first-boot-"));
  const servers: RentedServer[] = [];
  let login: string;
  let introduction: string;
  let userData: string;
  let volume: DataVolume;
  let server: RentedServer;

  const publicKey = async (name: string, comment: string): Promise<string> => {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", join(folder, name)]);
    return readFileSync(join(folder, `${name}.pub`), "utf8").trim();
  };
  const boot = async (index: number, text: string, address?: string): Promise<RentedServer> => {
    const authorizedKeys = [introduction];
    const made = await RentedServer.boot({
      index,
      name: `host-${index}`,
      userData: text,
      authorizedKeys,
      address,
    });
    servers.push(made);
    return made;
  };
  const outcome = (of: RentedServer): Promise<string> =>
    vi.waitFor(
      async () => {
        const mark = await of.exec(`cat ${MARK}`);
        expect(mark).toMatch(/^(done|failed)/);
        return mark;
      },
      { timeout: DONE_WITHIN_MS, interval: 250 },
    );
  const ssh = (of: RentedServer, command: string): Promise<string> => {
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
    login = await publicKey("login", "somebody@example.com");
    introduction = await publicKey("introduction", INTRODUCTION);
    userData = renderFirstBoot({
      subnets: "10.96.0.0/16",
      doorPorts: [80, 443, 3128],
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

  it("is nothing that cloud-init, sshd, nftables or systemd object to", async () => {
    expect(
      await server.exec("cloud-init schema --config-file /var/lib/cloud/seed/nocloud/user-data"),
    ).toMatch(/^Valid schema/);
    expect(await server.exec("grep WARNING /var/log/cloud-init.log || true")).toBe("");
    expect(await server.exec(`sshd -t && nft --check --file ${FIREWALL}`)).toBe("");
    // Units that wait for each other in a circle start in an order that systemd draws, or not at all.
    const targets = "multi-user.target cloud-init.target";
    expect(await server.exec(`systemd-analyze verify --man=no ${targets} 2>&1`)).toBe("");
    expect(await server.exec("cat /var/log/systemctl-refused 2>/dev/null || true")).toBe("");
  });

  it("lets many calls in at once, and nobody by password", async () => {
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

  it("proves the host key to whoever knows the introduction, which opens nothing", async () => {
    const key = introduction.split(" ").slice(0, 2).join(" ");
    const proof = createHmac("sha256", key).update(server.hostKey()).digest("hex");
    expect((await ssh(server, `cat ${PROOFS}`)).split("\n")).toContain(proof);
    expect(await server.exec("cat /root/.ssh/authorized_keys")).toBe(login);
    expect(await server.exec("ls /home; ls /etc/ssh/ssh_host_*_key")).toBe("/etc/ssh/ssh_host_ed25519_key");
  });

  it("runs Docker as it is told to, with a swap file beside it", async () => {
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

  describe("with a room on it", () => {
    const outside: Server[] = [];
    const outsideOf = (address: string, port: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const listener = createServer((socket) => socket.on("error", () => {}).end("outside\n"));
        outside.push(listener.on("error", reject).listen(port, address, resolve));
      });
    const neighbour = "10.202.91.1";
    const doors = [`${BRIDGE}:80`, `${BRIDGE}:443`, `${BRIDGE}:3128`];
    const barred = [
      `${BRIDGE}:22`,
      `${BRIDGE}:${ELSEWHERE}`,
      "10.202.91.2:22",
      `10.202.91.2:${ELSEWHERE}`,
      `${METADATA}:80`,
      `${neighbour}:${ELSEWHERE}`,
    ];

    /** Those that a process in the room hears something from. */
    const heard = async (): Promise<string[]> => {
      const script = [...doors, ...barred].map(
        (target) => `(nc -w 3 ${target.replace(":", " ")} </dev/null | grep -q . && echo ${target}) &`,
      );
      const said = await server.exec(`docker exec room sh -c '${script.join("\n")}\nwait'`);
      return said.split("\n").filter(Boolean).toSorted();
    };

    beforeAll(async () => {
      // What answers on the host itself.
      const listen = `
import socketserver
class Hello(socketserver.BaseRequestHandler):
    def handle(self): self.request.sendall(b"host\\n")
class Server(socketserver.ThreadingTCPServer): allow_reuse_address = True
import threading
for port in [80, 443, 3128, ${ELSEWHERE}]: threading.Thread(target=Server(("", port), Hello).serve_forever).start()`;
      await server.exec(`setsid python3 -c '${listen}' </dev/null >/dev/null 2>&1 &`);
      await run("ip", ["address", "add", `${METADATA}/32`, "dev", "fleetr91"]);
      await outsideOf(METADATA, 80);
      await outsideOf(neighbour, ELSEWHERE);
      await server.exec(`set -e
        mkdir -p /tmp/room/bin && cp /usr/bin/busybox /tmp/room/bin && ln -s busybox /tmp/room/bin/sh
        for each in nc grep sleep cat; do ln -s busybox /tmp/room/bin/$each; done
        tar --create --directory /tmp/room . | docker import - room
        docker network create --subnet ${ROOM} room
        docker volume create --label agent-fleet.agent=ann data
        docker run --detach --name room --restart unless-stopped --network room --publish 9000:9000 \\
          --volume data:/data --init room sh -c "echo memories >/data/file; sleep 100000"`);
    });
    afterAll(() => {
      for (const each of outside) each.close();
    });

    it("keeps the host, its neighbours and the cloud's metadata from it, and nothing of the doors", async () => {
      expect(await heard()).toEqual(doors.toSorted());
    });

    it("would not without the filter, whose loading closes the room again", async () => {
      await server.exec("nft delete table inet agent_fleet");
      expect(await heard()).toEqual([...doors, ...barred].toSorted());
      await server.exec(`nft --file ${FIREWALL} && nft --file ${FIREWALL}`);
      expect(await heard()).toEqual(doors.toSorted());
    });

    it("puts no process of Docker's in front of a port", async () => {
      expect(await server.exec("docker port room")).toContain("9000");
      expect(await server.exec("pgrep docker-proxy || echo none")).toBe("none");
    });

    it("is all there again when the server has been powered off", async () => {
      await server.powerOff();
      await server.powerOn();
      await vi.waitFor(
        async () => expect(await server.exec("docker exec room cat /data/file")).toBe("memories"),
        {
          timeout: 30_000,
          interval: 250,
        },
      );
      expect(await ssh(server, "mountpoint /var/lib/docker/volumes")).toContain("is a mountpoint");
      expect(await server.exec("cat /mnt/agent-data/docker-volumes/data/_data/file")).toBe("memories");
      expect(await heard()).toEqual([]);
    });
  });

  it("finds the volume's data on the server after it, and of Docker nothing else", async () => {
    await server.remove();
    const next = await boot(92, userData, server.address);
    await next.attachVolume(volume);
    expect(await outcome(next), next.console()).toBe("done");
    expect(await ssh(next, "cat /var/lib/docker/volumes/data/_data/file")).toBe("memories");
    expect(await ssh(next, "docker volume ls --quiet --filter label=agent-fleet.agent=ann")).toBe("data");
    expect(await ssh(next, "docker ps --all --quiet; docker network ls --quiet --filter name=room")).toBe("");
  });

  it("takes no other volume for its own when it is run again, nor the server's disk", async () => {
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

  it("says that no volume came, starts no Docker on the server's disk, and goes on when it is run again", async () => {
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
