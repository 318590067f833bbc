/**
 * What one agent can do to the egress proxy, and where it leads. Each attack is tried against the rendered configuration, and
 * against the same without the lines that stop it, where it has to succeed.
 */
import { createSocket, type Socket as DnsSocket } from "node:dgram";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { egressProxy } from "../../fleet/services/egress-proxy/service.ts";
import { egressProxySettings } from "../../fleet/services/egress-proxy/settings.ts";
import { ensureTestImages } from "../support/gateway/stand-in.ts";
import { canChangeNetwork, HostListener, Internet } from "../support/hosts/internet.ts";
import { runCommand } from "../support/project/project.ts";
import { docker } from "../support/project/test-fleet.ts";

const PORT = 3190;
const CONTAINER = "e2e-egress-limits";
/** Of the loopback interface, which has all of them. */
const PROXY = "127.0.0.1";
const EVE = "127.0.0.41";
const VICTIM = "127.0.0.42";
const STRANGER = "127.0.0.43";
const NAME_SERVER = "127.0.0.44";
const SITE = "192.52.193.41";
const HOST = "192.52.193.42";
const CONNECTIONS = 256;

const settings = egressProxySettings.parse({ port: PORT });
const served = (name: string, address: string) => ({
  name,
  address,
  enabled: true,
  access: "loopback" as const,
  hostname: `${name}.test.example`,
  loopbackPort: 18_900,
  egress: [".example.com"],
});
const plan = egressProxy.plan(settings, {
  stack: "test",
  host: "local",
  domain: "test.example",
  agents: [served("eve", EVE), served("victim", VICTIM)],
  services: new Set(["egress-proxy"]),
  sshAddress: undefined,
});

/** @throws if there is no such line: a control that removes nothing would prove nothing */
function without(config: string, line: RegExp): string {
  const lines = config.split("\n");
  const kept = lines.filter((each) => !line.test(each));
  if (kept.length === lines.length) throw new Error(`no line is ${line}`);
  return kept.join("\n");
}

if (!canChangeNetwork)
  console.warn("The egress proxy is not attacked: it takes root on the Docker engine's machine.");

describe.skipIf(!canChangeNetwork)("an agent at the egress proxy", () => {
  let folder: string;
  const opened: { close(): Promise<void> }[] = [];
  const sockets: Socket[] = [];
  let nameServer: DnsSocket;
  let asked: string[] = [];

  beforeAll(async () => {
    await ensureTestImages();
    folder = await mkdtemp(join(tmpdir(), "egress-limits-"));
    // The proxy has a user of its own.
    await chmod(folder, 0o755);
    opened.push(await Internet.open([SITE]));
    opened.push(await HostListener.open(HOST, { add: true }));
    opened.push(await HostListener.open("::1", { add: false }));
    await writeFile(
      join(folder, "hosts"),
      `${SITE} site.example.com\n${HOST} host.example.com\n::1 loopback6.example.com\n`,
    );
    nameServer = createSocket("udp4", (query) => asked.push(query.toString("latin1")));
    nameServer.bind(53, NAME_SERVER);
    await once(nameServer, "listening");
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await runCommand("docker", ["rm", "--force", CONTAINER]);
  });

  afterAll(async () => {
    await Promise.allSettled(opened.map((each) => each.close()));
    nameServer?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the proxy as its service does. */
  async function start(config = plan.config): Promise<void> {
    asked = [];
    const test = `hosts_file /service/hosts\ndns_nameservers ${NAME_SERVER}\n`;
    await writeFile(join(folder, "squid.conf"), `${config}${test}`);
    const { user, memoryMb, tmpfs, run } = plan.container;
    const options = Object.entries(tmpfs).flatMap(([path, mode]) => ["--tmpfs", `${path}:${mode}`]);
    await docker(
      ...[
        "run",
        "--detach",
        "--init",
        "--name",
        CONTAINER,
        "--user",
        user,
        "--cap-drop",
        "ALL",
        "--read-only",
      ],
      ...["--memory", `${memoryMb}m`, "--network", "host", "--volume", `${folder}:/service`, ...options],
      ...["--entrypoint", "sh", egressProxy.image(settings), "-c", run],
    );
    await vi.waitFor(async () => expect(await ask(VICTIM, "site.example.com")).toBe(200), {
      timeout: 30_000,
      interval: 250,
    });
  }

  async function open(from: string): Promise<Socket> {
    const socket = connect({ host: PROXY, port: PORT, localAddress: from });
    sockets.push(socket);
    socket.on("error", () => undefined);
    // Refused is closed: a reset is no failure of the test.
    await Promise.race([once(socket, "connect"), once(socket, "close")]).catch(() => undefined);
    return socket;
  }

  /** The status of the proxy's answer; 0 for none. */
  async function ask(from: string, name: string): Promise<number> {
    const socket = await open(from);
    socket.write(`GET http://${name}/ HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
    let answer = "";
    socket.on("data", (data) => {
      answer += data.toString("latin1");
    });
    if (!socket.closed) await once(socket, "close").catch(() => undefined);
    return Number(/^HTTP\/1\.\d (\d+)/.exec(answer)?.[1] ?? 0);
  }

  /** The status of the answer to a tunnel's head, which goes no further than to the proxy. */
  async function tunnel(from: string, name: string, head: string): Promise<number> {
    const socket = await open(from);
    socket.write(`CONNECT ${name}:443 HTTP/1.1\r\nHost: ${name}:443\r\n${head}\r\n`);
    const [data] = await once(socket, "data");
    return Number(/^HTTP\/1\.\d (\d+)/.exec(String(data))?.[1] ?? 0);
  }

  /** How many of so many connections with an unfinished request stay open. */
  async function hold(from: string, count: number): Promise<number> {
    const held: Socket[] = [];
    for (let index = 0; index < count; index++) {
      const socket = await open(from);
      socket.resume().write("GET http://site.example.com/ HTTP/1.1\r\nHost: site.example.com\r\n");
      held.push(socket);
    }
    // By now the proxy has closed what it refused: it takes connections in their order.
    await ask(VICTIM, "site.example.com");
    return held.filter((socket) => !socket.closed && !socket.readableEnded).length;
  }

  it("cannot hold more connections than its share, and another is served", async () => {
    await start();
    expect(await hold(EVE, CONNECTIONS + 100)).toBeLessThanOrEqual(CONNECTIONS + 1);
    expect(await ask(EVE, "site.example.com")).toBe(0);
    expect(await ask(VICTIM, "site.example.com")).toBe(200);
  });

  it("could hold them, without the limit", async () => {
    await start(without(plan.config, /^client_ip_max_connections /));
    expect(await hold(EVE, CONNECTIONS + 100)).toBe(CONNECTIONS + 100);
  });

  const filled = (kb: number): string => `x: ${"x".repeat(kb * 1024)}\r\n`;

  it("cannot send a head of more than 16 KB, and could without the limit", async () => {
    await start();
    expect(await tunnel(EVE, "site.example.com", filled(12))).toBe(200);
    expect(await tunnel(EVE, "site.example.com", filled(24))).toBe(431);
    await docker("rm", "--force", CONTAINER);
    await start(without(plan.config, /^(?:request_header_max_size|client_request_buffer_max_size) /));
    expect(await tunnel(EVE, "site.example.com", filled(24))).toBe(200);
  });

  it.each([
    ["the host's loopback by IPv6", "loopback6.example.com", /^http_access deny forbidden$/],
    ["the host's own public address", "host.example.com", /^http_access deny own_addresses$/],
  ])("cannot reach %s by an allowed name, and could without that line", async (_, name, line) => {
    await start();
    expect(await ask(EVE, name)).toBe(403);
    await docker("rm", "--force", CONTAINER);
    await start(without(plan.config, line));
    expect(await ask(EVE, name)).toBe(200);
  });

  it("is refused before a look-up if it is none of the proxy's, and would not be without that line", async () => {
    await start();
    expect(await ask(STRANGER, "secret.tunnel.example")).toBe(403);
    expect(asked.filter((query) => query.includes("secret"))).toEqual([]);
    await docker("rm", "--force", CONTAINER);
    await start(without(plan.config, /^http_access deny !agents$/));
    void ask(STRANGER, "secret.tunnel.example");
    await vi.waitFor(() => expect(asked.join()).toContain("secret"), { timeout: 15_000, interval: 100 });
  });

  it("gets no configuration of which a part is ignored: the loader refuses it with Squid's words", async () => {
    const load = async (config: string) => {
      await writeFile(join(folder, "squid.conf"), config);
      const script = `mkdir /service; kill() { :; }\n${plan.loader.load}`;
      return runCommand("docker", [
        ...["run", "--rm", "--network", "none", "--volume", `${folder}:/config`, "--entrypoint", "sh"],
        ...[egressProxy.image(settings), "-c", script],
      ]);
    };
    expect(await load(plan.config)).toMatchObject({ code: 0, stdout: "" });
    const partly = plan.config.replace("acl forbidden dst ", "acl forbidden dst 10.1.0.0/16 ");
    expect(await load(partly)).toMatchObject({ code: 1, stdout: expect.stringContaining("is ignored") });
    const unknown = await load(`${plan.config}no_such_setting on\n`);
    expect(unknown).toMatchObject({ code: 1, stdout: expect.stringContaining("unrecognized") });
  });
});
