/**
 * A fleet on servers at Hetzner, from nothing to nothing: the real Pulumi CLI with its real providers, and real gateways on
 * servers with a real first boot. Only the two clouds' APIs are simulated.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STATUS_FILE } from "../../fleet/hosts/hetzner/first-boot/script.ts";
import { run } from "../../system/run.ts";
import { TestClouds } from "../support/clouds/test-clouds.ts";
import { ask } from "../support/gateway/http.ts";
import { type CloudServer, canCreateServers } from "../support/hosts/cloud-server.ts";
import {
  createProject,
  type Result,
  runCommand,
  type Sealed,
  seal,
  type TestProject,
} from "../support/project/project.ts";
import { outputOf } from "../support/project/test-fleet.ts";

const STACK = "e2e-hetzner";
const FIRST = 61;
const PORT = 8443;
const API_KEY = "sk-ant-e2e-hetzner-key";

const PLUGINS = ["hcloud", "cloudflare", "docker", "random"];
/** Why this cannot run here: a CLI without a network cannot install plugins. */
function obstacle(): string | undefined {
  if (!canCreateServers()) return "creating servers takes root and apt";
  if (spawnSync("pulumi", ["version"]).status !== 0) return "there is no `pulumi` on PATH";
  const { stdout } = spawnSync("pulumi", ["plugin", "ls", "--json"], { encoding: "utf8" });
  const listed = new Set((JSON.parse(stdout || "[]") as { name: string }[]).map(({ name }) => name));
  const missing = PLUGINS.filter(
    (name) => !listed.has(name) && spawnSync("which", [`pulumi-resource-${name}`]).status !== 0,
  );
  return missing.length === 0 ? undefined : `the Pulumi CLI has no plugin ${missing.join(", ")}`;
}
const reason = obstacle();
if (reason !== undefined) console.warn(`SKIPPED: a fleet on servers at Hetzner, because ${reason}`);

describe.skipIf(reason !== undefined)("a fleet on servers at Hetzner", () => {
  let clouds: TestClouds;
  let project: TestProject;
  /** Servers whose first boot gives up on their data volume at once. */
  const impatient = new Set<string>();
  let group: object = {};
  let sealed: Sealed | undefined;

  const configure = async (agents: object, changes: object = {}): Promise<void> => {
    group = { ...group, ...changes };
    const key = join(project.folder, "key");
    const { token, endpoint } = clouds.hetzner;
    // Once: a stack keeps its salt.
    sealed ??= await seal({ ANTHROPIC_API_KEY: API_KEY });
    const { encryptionsalt, config } = sealed;
    project.configure(
      {
        domain: "agents.example.com",
        hosts: {
          eu: {
            kind: "hetzner",
            locations: ["fsn1"],
            publicKeys: [publicKey],
            key,
            sshFrom: ["203.0.113.7/32"],
            readySeconds: 240,
            ...group,
          },
        },
        ingress: { port: PORT },
        dns: { kind: "cloudflare", zoneId: clouds.cloudflare.zones[0]?.id },
        defaults: { class: "light" },
        // Docker gives no container more CPUs than this machine has.
        classes: { light: { memoryMb: 1792, cpus: 1 }, large: { memoryMb: 4096, cpus: 1 } },
        agents,
      },
      {
        encryptionsalt,
        config: {
          "agent-fleet:secrets": Object.fromEntries(Object.keys(agents).map((name) => [name, config])),
          "hcloud:endpoint": endpoint,
          "cloudflare:baseUrl": clouds.cloudflare.endpoint,
        },
      },
    );
    Object.assign(project.environment, {
      HCLOUD_TOKEN: token,
      CLOUDFLARE_API_TOKEN: clouds.cloudflare.token,
    });
  };
  let publicKey = "";
  const npm = (command: string, ...args: string[]): Promise<Result> =>
    project.run(command, ...args, "--engine", "pulumi");
  const output = async (command: string, ...args: string[]): Promise<string> =>
    outputOf(command, await npm(command, ...args));
  const pulumi = (...args: string[]): Promise<Result> =>
    runCommand("pulumi", [...args, "--stack", STACK, "--non-interactive"], {
      cwd: project.folder,
      env: project.environment,
    });

  interface Fleet {
    readonly hosts: Record<string, { address: string; hostKey: string; dataVolume: string }>;
    readonly agents: Record<string, { url: string; host: string; container: string }>;
  }
  const outputs = async (): Promise<{ fleet: Fleet; tokens: Record<string, string> }> =>
    JSON.parse(await output("outputs", "--json", "--show-secrets"));
  const physical = (host: string): string => `fleet-${STACK}-${host}`;
  const machine = (host: string): Promise<CloudServer> => clouds.machine(physical(host));
  const inside = async (host: string, script: string): Promise<string> => (await machine(host)).exec(script);
  /** What each agent answers at its URL, at the address in DNS. */
  const states = async (): Promise<Record<string, string>> => {
    const { agents } = (await outputs()).fleet;
    const records = clouds.cloudflare.records();
    const answers = Object.entries(agents).map(async ([name, { url, host }]) => {
      const { hostname } = new URL(url);
      const record =
        records.find((each) => each.name === hostname) ?? records.find((each) => each.name.startsWith("*."));
      const authority = await output("ca", "--host", host);
      const { body } = await ask(`${url}/startupz`, { authority, address: record?.content ?? "" });
      return [name, `${(JSON.parse(body) as { status: string }).status} on ${host}`];
    });
    return Object.fromEntries(await Promise.all(answers)) as Record<string, string>;
  };
  const expectNothingToChange = async (): Promise<void> => {
    const calls = clouds.hetzner.requests.length + clouds.cloudflare.requests.length;
    await output("preview", "--expect-no-changes");
    expect(clouds.hetzner.requests.length + clouds.cloudflare.requests.length).toBe(calls);
  };

  const two = { alice: { antiAffinity: "apart" }, bob: { antiAffinity: "apart" } };

  beforeAll(async () => {
    project = createProject(STACK);
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(project.folder, "key")]);
    publicKey = (await run("cat", [join(project.folder, "key.pub")])).trim();
    clouds = await TestClouds.start(FIRST, (server, userData) =>
      impatient.has(server)
        ? userData.replaceAll("seq 300", "seq 1").replaceAll("in 300 s", "in 1 s")
        : userData,
    );
  });

  afterAll(async () => {
    await clouds?.close();
    project?.remove();
  });

  it("comes up from nothing: servers, volumes, DNS records and agents", async () => {
    await configure(two);
    const { code, stdout, stderr } = await npm("up", "--yes");
    expect(code, stdout + stderr).toBe(0);
    expect(stdout + stderr).toMatch(/Waiting for eu-1: its first boot: running /);
    expect(await states()).toEqual({ alice: "started on eu-1", bob: "started on eu-2" });
    const addressOf = (host: string): string | undefined =>
      clouds.hetzner.primaryIps.find(({ name }) => name === physical(host))?.ip;
    expect(
      clouds.cloudflare
        .records()
        .map(({ name, content, ttl, proxied }) => [name, content, ttl, proxied])
        .toSorted(),
    ).toEqual([
      ["*.agents.example.com", addressOf("eu-1"), 300, false],
      ["bob.agents.example.com", addressOf("eu-2"), 300, false],
    ]);
  });

  it("creates each server as planned", async () => {
    const { servers, volumes, firewalls, placementGroups, networks } = clouds.hetzner;
    for (const server of servers) {
      expect(server).toMatchObject({
        server_type: { name: "cx23" },
        protection: { delete: true, rebuild: true },
        public_net: { ipv6: null },
        placement_group: { type: "spread" },
      });
      expect(server.private_net).toHaveLength(1);
      expect(server.volumes).toHaveLength(1);
    }
    expect(volumes.map(({ name, size, protection }) => [name, size, protection.delete]).toSorted()).toEqual([
      [`${physical("eu-1")}-data`, 10, true],
      [`${physical("eu-2")}-data`, 10, true],
    ]);
    const rules = firewalls
      .flatMap(({ rules: all }) => all)
      .toSorted((a, b) => Number(a.port) - Number(b.port));
    expect(rules.map(({ port, source_ips: from }) => [port, from])).toEqual([
      ["22", ["203.0.113.7/32"]],
      [String(PORT), ["0.0.0.0/0", "::/0"]],
    ]);
    expect([placementGroups.length, networks.length]).toEqual([1, 1]);
  });

  it("has nothing to change then, and calls neither cloud to find that out", async () => {
    await expectNothingToChange();
  });

  it("keeps an agent away from its host and from the cloud's metadata", async () => {
    const bridge = "10.96.0.1";
    const tries = [`${bridge}/22`, "169.254.169.254/80", `${bridge}/3128`];
    const script = tries
      .map((to) => `timeout 3 bash -c ': </dev/tcp/${to}' 2>/dev/null && echo reached || echo refused`)
      .join("; ");
    expect(await inside("eu-1", `docker exec fleet.e2e-hetzner.alice bash -c "${script}"`)).toBe(
      "refused\nrefused\nreached",
    );
  });

  it("refuses to delete a protected server, and says how to lift the protection", async () => {
    const { code, stderr } = await npm("destroy", "--yes");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        "Set protection: false in hosts.eu, run `npm run up -- --stack e2e-hetzner`, and then destroy.",
      ),
    ]);
  });

  it("keeps the data and the URLs of the agents on a server that is replaced", async () => {
    const before = await outputs();
    const address = before.fleet.hosts["eu-1"]?.address;
    await inside(
      "eu-1",
      "docker exec fleet.e2e-hetzner.alice sh -c 'echo kept > /home/node/.openclaw/memory.txt'",
    );
    await configure(two, { protection: false });
    await output("up", "--yes");
    const { stdout: stack } = await pulumi("stack", "--show-urns");
    const urn = /urn:\S+hcloud:index\/server:Server::eu-1/.exec(stack)?.[0] ?? "";
    const replaced = await pulumi("up", "--yes", "--skip-preview", "--replace", urn);
    expect(replaced.code, replaced.stdout + replaced.stderr).toBe(0);
    const after = await outputs();
    expect(after.fleet.hosts["eu-1"]?.address).toBe(address);
    expect(after.fleet.hosts["eu-1"]?.hostKey).not.toBe(before.fleet.hosts["eu-1"]?.hostKey);
    expect(after.fleet.agents).toEqual(before.fleet.agents);
    expect(after.tokens).toEqual(before.tokens);
    expect(await states()).toEqual({ alice: "started on eu-1", bob: "started on eu-2" });
    expect(
      await inside("eu-1", "docker exec fleet.e2e-hetzner.alice cat /home/node/.openclaw/memory.txt"),
    ).toBe("kept");
    await expectNothingToChange();
  });

  it("keeps everything on a server that is resized", async () => {
    const hostKey = (await outputs()).fleet.hosts["eu-1"]?.hostKey;
    await configure(
      { ...two, alice: { ...two.alice, class: "large" }, carol: { host: "eu-1", class: "large" } },
      {
        growth: ["resize"],
      },
    );
    await output("up", "--yes");
    const server = clouds.hetzner.servers.find(({ name }) => name === physical("eu-1"));
    expect(server).toMatchObject({ server_type: { name: "cx33" }, primary_disk_size: 40 });
    expect(clouds.hetzner.volumes.find(({ name }) => name === `${physical("eu-1")}-data`)?.size).toBe(20);
    expect((await outputs()).fleet.hosts["eu-1"]?.hostKey).toBe(hostKey);
    expect(await states()).toEqual({
      alice: "started on eu-1",
      bob: "started on eu-2",
      carol: "started on eu-1",
    });
    expect(
      await inside("eu-1", "docker exec fleet.e2e-hetzner.alice cat /home/node/.openclaw/memory.txt"),
    ).toBe("kept");
    await expectNothingToChange();
  });

  it("converges on the others when a new server's first boot fails, reports why, and continues in the next run", async () => {
    impatient.add(physical("eu-3"));
    // So that the volume is attached only after the first boot has given up.
    clouds.hetzner.fail("POST /volumes/:id/actions/attach", { code: "locked" }, 3);
    const three = { ...two, dave: { antiAffinity: "apart" }, erin: { host: "eu-2" } };
    await configure(three, { growth: ["add"] });
    const { code, stdout, stderr } = await npm("up", "--yes");
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain(
      "the first boot of eu-3 failed waiting for the data volume: no data volume was attached in 1 seconds.",
    );
    expect(
      await inside("eu-2", "docker inspect --format '{{.State.Health.Status}}' fleet.e2e-hetzner.erin"),
    ).toBe("healthy");
    await inside("eu-3", "/usr/local/lib/agent-fleet/first-boot >/dev/null 2>&1");
    expect(await inside("eu-3", `cat ${STATUS_FILE}`)).toBe("done");
    await output("up", "--yes");
    expect(await states()).toMatchObject({ dave: "started on eu-3", erin: "started on eu-2" });
    await expectNothingToChange();
  });

  it("sends no secret to a cloud, and stays within its limit of calls", async () => {
    const { tokens } = await outputs();
    const { stdout: state } = await pulumi("stack", "export", "--show-secrets");
    const seeds = (
      JSON.parse(state) as {
        deployment: { resources: { urn: string; outputs?: { base64?: { plaintext: string } } }[] };
      }
    ).deployment.resources
      .filter(({ urn }) => urn.endsWith("-verification-key") && urn.includes("RandomBytes"))
      .map(({ outputs: made }) => JSON.parse(made?.base64?.plaintext ?? '""') as string);
    expect(seeds.filter(Boolean)).toHaveLength(3);
    const received = clouds.received();
    const secrets = [
      ...Object.values(tokens),
      ...seeds,
      API_KEY,
      "PRIVATE KEY",
      clouds.hetzner.token,
      clouds.cloudflare.token,
    ];
    for (const secret of secrets) expect(received).not.toContain(secret);
    // Each server's user data included.
    expect(received).toContain("#cloud-config");
    expect(clouds.hetzner.requests.length).toBeLessThan(3600 / 4);
    expect(clouds.cloudflare.requests.length).toBeLessThan(20);
  });

  it("leaves only the data volumes, and lists them", async () => {
    const printed = await output("destroy", "--yes");
    const { volumes, servers, primaryIps, networks, firewalls, placementGroups, sshKeys } = clouds.hetzner;
    expect([servers, primaryIps, networks, firewalls, placementGroups, sshKeys]).toEqual([
      [],
      [],
      [],
      [],
      [],
      [],
    ]);
    expect(clouds.cloudflare.records()).toEqual([]);
    expect(volumes.map(({ name }) => name).toSorted()).toEqual(
      ["eu-1", "eu-2", "eu-3"].map((host) => `${physical(host)}-data`),
    );
    for (const { name, protection } of volumes) {
      expect(printed).toContain(`volume ${name} of host`);
      expect(protection).toEqual({ delete: true });
    }
  });
});
