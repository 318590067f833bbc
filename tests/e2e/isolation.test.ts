import { appendFile, readdir, readFile, readlink } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ask } from "../support/gateway/http.ts";
import { getThrough, reached, readLimit, Tunnel } from "../support/gateway/inside.ts";
import { canChangeNetwork, HostListener, Internet } from "../support/hosts/internet.ts";
import { identityOf } from "../support/hosts/objects.ts";
import { runCommand } from "../support/project/project.ts";
import { type Agent, docker, TestFleet } from "../support/project/test-fleet.ts";

/** Somewhere on the internet, and not for documentation, which the egress proxy refuses: a range of relays that nobody runs. */
const SITE = "192.52.193.31";
/** Where a cloud serves every machine its secrets. */
const METADATA = "169.254.169.254";
/** Another address of the host, like its public one. */
const HOST = "192.52.193.32";
/** On the host's loopback interface, for its own programs only. */
const LOOPBACK = "127.0.0.31";
const LOOPBACK_IPV6 = "::1";

const PIDS = 128;
const MIB = 1024 * 1024;
const ROSTER = {
  alice: {
    class: "small",
    egress: [
      "site.example",
      "loopback.example",
      "loopback6.example",
      "host.example",
      "network.example",
      "metadata.example",
    ],
  },
  bob: { egress: ["bobs.example"] },
  olga: { egress: "open" },
};

if (!canChangeNetwork)
  console.warn("Isolation is not tested: it takes root on the Docker engine's own Linux machine.");

describe.skipIf(!canChangeNetwork)("an agent in its network", () => {
  let fleet: TestFleet;
  let agents: { alice: Agent; bob: Agent; olga: Agent };
  let bobsBridge: string;
  let alicesBridge: string;
  const opened: { close(): Promise<void> }[] = [];

  /** The host's own address in an agent's network. */
  const bridgeOf = (agent: string): Promise<string> =>
    docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", fleet.objectOf(agent));

  /** Resolves names without a name server: by the egress proxy's own `/etc/hosts`, where Docker keeps it. */
  const nameForEgressProxy = async (names: Readonly<Record<string, string>>): Promise<void> => {
    const file = await docker("inspect", "--format", "{{.HostsPath}}", fleet.egressProxy.container);
    const lines = Object.entries(names).map(([address, list]) => `${address} ${list}\n`);
    await appendFile(file, lines.join(""));
    await docker("kill", "--signal", "HUP", fleet.egressProxy.container);
  };

  beforeAll(async () => {
    fleet = await TestFleet.open("e2e-isolation", 31, {
      classes: {
        light: { memoryMb: 1792, reservationMb: 640, cpus: 1, pids: 512 },
        small: { memoryMb: 1792, reservationMb: 640, cpus: 1, pids: PIDS },
      },
    });
    await fleet.up(ROSTER);
    agents = (await fleet.agents()) as typeof agents;
    alicesBridge = await bridgeOf("alice");
    bobsBridge = await bridgeOf("bob");
    opened.push(await Internet.open([SITE, METADATA]));
    opened.push(await HostListener.open(HOST, { add: true }));
    opened.push(await HostListener.open(LOOPBACK, { add: false }));
    opened.push(await HostListener.open(LOOPBACK_IPV6, { add: false }));
    opened.push(await HostListener.open(bobsBridge, { add: false }));
    await nameForEgressProxy({
      [SITE]: "site.example bobs.example later.example forbidden.example",
      [LOOPBACK]: "loopback.example",
      [LOOPBACK_IPV6]: "loopback6.example",
      [HOST]: "host.example",
      [bobsBridge]: "network.example",
      [METADATA]: "metadata.example",
    });
    // The egress proxy reads them a moment after the signal.
    await vi.waitFor(
      async () => {
        const { status } = await getThrough(fleet, "bob", bobsBridge, "http://bobs.example/");
        if (status !== 200) throw new Error(`the egress proxy does not know the tests' names: ${status}`);
      },
      { timeout: 15_000, interval: 250 },
    );
  });

  afterAll(async () => {
    await Promise.allSettled(opened.map((each) => each.close()));
    await fleet.remove();
  });

  describe("is confined by its container, which", () => {
    it("has no capability, no way to gain one, and no root", async () => {
      // Of every process, the gateway's children included; a single different value would add a line.
      const { stdout } = await fleet.inside(
        "alice",
        "cat /proc/[0-9]*/status | grep -E '^(Uid|Cap[A-Z][a-z]+|NoNewPrivs):' | sort -u",
      );
      expect(stdout.trim().split("\n")).toEqual([
        "CapAmb:\t0000000000000000",
        "CapBnd:\t0000000000000000",
        "CapEff:\t0000000000000000",
        "CapInh:\t0000000000000000",
        "CapPrm:\t0000000000000000",
        "NoNewPrivs:\t1",
        "Uid:\t1000\t1000\t1000\t1000",
      ]);
    });

    it("has a root file system that even its root user cannot write to", async () => {
      // As root, because the agent's own user would be refused by the files' permissions already.
      const asRoot = await runCommand("docker", [
        "exec",
        "--user",
        "root",
        fleet.objectOf("alice"),
        "touch",
        "/usr/x",
      ]);
      expect(asRoot).toMatchObject({ code: 1, stderr: expect.stringContaining("Read-only file system") });
    });

    it("can write to its own data and to a temporary folder, but to no other file system", async () => {
      const { code } = await fleet.inside("alice", "touch /tmp/x ~/.openclaw/x && rm /tmp/x ~/.openclaw/x");
      expect(code).toBe(0);
      const { stdout } = await fleet.inside("alice", "cat /proc/mounts");
      const writable = stdout
        .split("\n")
        .map((line) => line.split(" "))
        .filter(
          ([, folder, , options]) =>
            !/^\/(?:proc|dev|sys)\b/.test(folder ?? "") && /^rw\b/.test(options ?? ""),
        )
        .map(([, folder]) => folder);
      expect(writable.toSorted()).toEqual(["/home/node/.openclaw", "/tmp"]);
    });

    it("gets the memory of its class and no swap", async () => {
      const { Memory, MemorySwap } = JSON.parse(
        await docker("inspect", "--format", "{{json .HostConfig}}", fleet.objectOf("alice")),
      ) as { Memory: number; MemorySwap: number };
      const limit = agents.alice.memoryMb * MIB;
      expect({ Memory, MemorySwap }).toEqual({ Memory: limit, MemorySwap: limit });
      // What the kernel holds it to; the second generation counts swap apart from memory.
      expect(await readLimit(fleet, "alice", "memory.max", "memory/memory.limit_in_bytes")).toBe(
        String(limit),
      );
      expect(
        await readLimit(fleet, "alice", "memory.swap.max", "memory/memory.memsw.limit_in_bytes"),
      ).toMatch(new RegExp(`^(?:0|${limit})$`));
    });

    it("cannot start more processes than its class allows, and survives the attempt", async () => {
      expect(await docker("inspect", "--format", "{{.HostConfig.PidsLimit}}", fleet.objectOf("alice"))).toBe(
        String(PIDS),
      );
      // Not Bash, which would wait and try again for half a minute.
      const { stdout, stderr, code } = await runCommand("docker", [
        "exec",
        fleet.objectOf("alice"),
        "sh",
        "-c",
        `i=0; while [ $i -lt ${PIDS * 2} ]; do sleep 3 & i=$((i+1)); echo $i; done`,
      ]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/cannot fork/i) });
      const started = stdout.trim().split("\n").length;
      // The gateway itself is far from its limit.
      expect(started).toBeGreaterThan(20);
      expect(started).toBeLessThan(PIDS);
      await vi.waitFor(
        async () => {
          const running = await readLimit(fleet, "alice", "pids.current", "pids/pids.current");
          expect(Number(running)).toBeLessThan(PIDS / 2);
        },
        { timeout: 15_000, interval: 500 },
      );
      expect((await ask(`http://127.0.0.1:${agents.alice.loopbackPort}/startupz`)).status).toBe(200);
    });
  });

  describe("is confined by its network, which", () => {
    it("reaches no other agent, not even where egress is open", async () => {
      const gatewayOf = (name: keyof typeof agents): string => `${agents[name].address}:18789`;
      const [alice, bob, olga] = [gatewayOf("alice"), gatewayOf("bob"), gatewayOf("olga")];
      const found = [
        reached(fleet, "alice", [alice, bob, olga]),
        reached(fleet, "bob", [alice, bob, olga]),
        reached(fleet, "olga", [alice, bob, olga]),
      ];
      // Each reaches itself, and the ingress reaches each at the very address that the others tried.
      expect(await Promise.all(found)).toEqual([[alice], [bob], [olga]]);
      for (const { loopbackPort } of Object.values(agents)) {
        expect((await ask(`http://127.0.0.1:${loopbackPort}/startupz`)).status).toBe(200);
      }
    });

    it("reaches no address on the internet, unless egress is open", async () => {
      const targets = [`${SITE}:80`, `${SITE}:443`];
      expect(await reached(fleet, "olga", targets)).toEqual(targets);
      expect(await reached(fleet, "alice", targets)).toEqual([]);
    });

    it("does not reach the cloud's metadata service", async () => {
      expect((await ask(`http://${METADATA}/`)).body).toBe("the internet");
      expect(await reached(fleet, "alice", [`${METADATA}:80`])).toEqual([]);
    });

    it("reaches no address of its host except the one in the network", async () => {
      expect((await ask(`http://${HOST}/`)).body).toBe("the host");
      expect((await ask(`http://${bobsBridge}/`)).body).toBe("the host");
      const inTheNetwork = `${alicesBridge}:${fleet.egressProxy.port}`;
      const elsewhere = [`${HOST}:80`, `${bobsBridge}:80`, `${bobsBridge}:${fleet.egressProxy.port}`];
      expect(await reached(fleet, "alice", [inTheNetwork, ...elsewhere])).toEqual([inTheNetwork]);
    });
  });

  describe("reaches its host's services, which", () => {
    /** `address:port` of every TCP socket that a container's processes listen on. */
    async function listeners(container: string): Promise<string[]> {
      const pids = (await docker("top", container, "-eo", "pid"))
        .split("\n")
        .slice(1)
        .map((line) => line.trim());
      const sockets = new Set<string>();
      for (const pid of pids) {
        for (const file of await readdir(`/proc/${pid}/fd`)) {
          const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => "");
          const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
          if (inode !== undefined) sockets.add(inode);
        }
      }
      const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8")));
      const LISTENING = "0A";
      return tables
        .flatMap((table) => table.trim().split("\n").slice(1))
        .map((line) => line.trim().split(/\s+/))
        .filter((fields) => fields[3] === LISTENING && sockets.has(fields[9] ?? ""))
        .map((fields) => {
          const [address = "", port = ""] = (fields[1] ?? "").split(":");
          const octets = address.match(/../g)?.toReversed() ?? [];
          return `${octets.map((octet) => Number.parseInt(octet, 16)).join(".")}:${Number.parseInt(port, 16)}`;
        })
        .toSorted();
    }

    it("listen where the plan says and nowhere else: no network reaches an admin interface", async () => {
      const ports = Object.values(agents).map(({ loopbackPort }) => loopbackPort);
      expect(await listeners(fleet.ingress.container)).toEqual(
        [...ports, fleet.ingress.port].map((port) => `127.0.0.1:${port}`).toSorted(),
      );
      expect(await listeners(fleet.egressProxy.container)).toEqual([`0.0.0.0:${fleet.egressProxy.port}`]);
    });

    it("cannot be reached from a network by the ingress's ports on the host", async () => {
      const ports = [2019, fleet.ingress.port, agents.alice.loopbackPort, agents.bob.loopbackPort];
      const targets = ports.map((port) => `${alicesBridge}:${port}`);
      expect(await reached(fleet, "alice", targets)).toEqual([]);
    });
  });

  describe("has an egress proxy, which", () => {
    const get = (agent: string, url: string, proxy = alicesBridge) => getThrough(fleet, agent, proxy, url);
    const logOfEgressProxy = async (): Promise<string> => {
      const { stdout } = await runCommand("docker", ["logs", "--tail", "50", fleet.egressProxy.container]);
      return stdout;
    };

    it("serves the names on the agent's allowlist", async () => {
      expect(await get("alice", "http://site.example/")).toEqual({ status: 200, body: "the internet" });
      const tunnel = await Tunnel.open(fleet, "alice", alicesBridge, "site.example:443");
      expect(tunnel.status).toBe(200);
      expect(await tunnel.send("hello")).toBe("hello");
      tunnel.close();
    });

    it("refuses any other name, and logs which agent asked for it", async () => {
      expect((await get("alice", "http://forbidden.example/for-the-log")).status).toBe(403);
      expect(await logOfEgressProxy()).toMatch(
        /agent=alice \S+ TCP_DENIED\/403 GET http:\/\/forbidden\.example\/for-the-log/,
      );
      expect((await Tunnel.open(fleet, "alice", alicesBridge, "forbidden.example:443")).status).toBe(403);
    });

    it("refuses an address instead of a name, although an allowed name has that address", async () => {
      expect((await get("alice", `http://${SITE}/`)).status).toBe(403);
      expect((await Tunnel.open(fleet, "alice", alicesBridge, `${SITE}:443`)).status).toBe(403);
    });

    it("refuses other ports, and its own management", async () => {
      expect((await get("alice", "http://site.example:8080/")).status).toBe(403);
      expect((await Tunnel.open(fleet, "alice", alicesBridge, "site.example:80")).status).toBe(403);
      expect(
        (await get("alice", `http://${alicesBridge}:${fleet.egressProxy.port}/squid-internal-mgr/info`))
          .status,
      ).toBe(403);
    });

    it.each([
      ["the host itself", "loopback.example", LOOPBACK],
      ["the host itself, by IPv6", "loopback6.example", `[${LOOPBACK_IPV6}]`],
      ["another agent's network", "network.example", "bob's bridge"],
      ["the metadata service", "metadata.example", METADATA],
    ])("refuses an allowed name that resolves to %s", async (_, name, target) => {
      const address = target === "bob's bridge" ? bobsBridge : target;
      // Something answers there, so that is not the reason.
      expect((await ask(`http://${address}/`)).status).toBe(200);
      expect((await get("alice", `http://${name}/`)).status).toBe(403);
    });

    it("refuses an allowed name that resolves to the host's own public address", async () => {
      expect((await ask(`http://${HOST}/`)).status).toBe(200);
      // The host has it since a moment ago.
      await vi.waitFor(async () => expect((await get("alice", "http://host.example/")).status).toBe(403), {
        timeout: 30_000,
        interval: 500,
      });
    });

    it("serves each agent the names on its own allowlist only", async () => {
      expect((await get("bob", "http://bobs.example/", bobsBridge)).status).toBe(200);
      expect((await get("bob", "http://site.example/", bobsBridge)).status).toBe(403);
      expect((await get("alice", "http://bobs.example/")).status).toBe(403);
    });

    it("serves only agents that have an allowlist", async () => {
      const olgasBridge = await bridgeOf("olga");
      expect((await get("olga", "http://site.example/", olgasBridge)).status).toBe(403);
      // Through a neighbour's bridge: open egress reaches it, and the request is still olga's.
      expect((await get("olga", "http://bobs.example/", bobsBridge)).status).toBe(403);
      // 0, because an internal network does not reach it; and if it did, the request would still be alice's.
      expect((await get("alice", "http://bobs.example/", bobsBridge)).status).not.toBe(200);
    });

    it("takes a changed allowlist without a restart, and without closing a tunnel", async () => {
      const before = await identityOf(fleet.egressProxy.container);
      const tunnel = await Tunnel.open(fleet, "alice", alicesBridge, "site.example:443");
      expect(await tunnel.send("before")).toBe("before");
      expect((await get("bob", "http://later.example/", bobsBridge)).status).toBe(403);

      await fleet.up({ ...ROSTER, bob: { egress: ["later.example"] } });
      expect(await get("bob", "http://later.example/", bobsBridge)).toMatchObject({ status: 200 });
      expect((await get("bob", "http://bobs.example/", bobsBridge)).status).toBe(403);
      expect((await get("alice", "http://site.example/")).status).toBe(200);
      expect(await tunnel.send("after")).toBe("after");
      expect(await identityOf(fleet.egressProxy.container)).toEqual(before);
      tunnel.close();
    });
  });
});
