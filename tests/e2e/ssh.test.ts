/** Servers that exist already: real gateways on three of them, reached only by SSH. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { onPath } from "../../system/on-path.ts";
import { ask } from "../support/gateway/http.ts";
import { canCreateHosts, prepareHosts, RemoteHost } from "../support/hosts/remote-host.ts";
import { createProject, type TestProject } from "../support/project/project.ts";
import { outputOf } from "../support/project/test-fleet.ts";

const STACK = "e2e-ssh";
const INGRESS = 8443;
const HOSTS = { one: 11, two: 12, three: 13 } as const;
type HostName = keyof typeof HOSTS;
const NAMES = Object.keys(HOSTS) as HostName[];

describe.skipIf(!canCreateHosts())("a fleet on three servers reached by SSH", () => {
  let servers: Record<HostName, RemoteHost>;
  let project: TestProject;

  const configure = (agents: object, hosts: object = {}): void =>
    project.configure({
      domain: "ssh.example.com",
      hosts: {
        ...Object.fromEntries(
          NAMES.map((name) => {
            const { address, key, hostKey } = servers[name];
            return [name, { kind: "ssh", address, key, hostKey, connectSeconds: 5 }];
          }),
        ),
        ...hosts,
      },
      ingress: { port: INGRESS },
      defaults: { class: "light" },
      agents,
    });
  const run = (command: string, ...args: string[]) => project.run(command, ...args, "--engine", "embedded");
  const output = async (command: string, ...args: string[]): Promise<string> =>
    outputOf(command, await run(command, ...args));
  const states = async (): Promise<Record<string, string>> => {
    const { fleet } = JSON.parse(await output("outputs", "--json")) as {
      fleet: { agents: Record<string, { url: string; host: HostName }> };
    };
    const answers = Object.entries(fleet.agents).map(async ([name, { url, host }]) => {
      const authority = await output("ca", "--host", host);
      const { body } = await ask(`${url}/startupz`, { authority, address: servers[host].address });
      return [name, `${(JSON.parse(body) as { status: string }).status} on ${host}`];
    });
    return Object.fromEntries(await Promise.all(answers)) as Record<string, string>;
  };

  const roster = { alice: { host: "one" }, bob: { host: "two" }, carol: { host: "three" } };
  const grown = { ...roster, dave: { host: "one" }, erin: { host: "two" }, frank: { host: "three" } };

  beforeAll(async () => {
    await prepareHosts();
    const made = await Promise.all(NAMES.map(async (name) => [name, await RemoteHost.create(HOSTS[name])]));
    servers = Object.fromEntries(made) as Record<HostName, RemoteHost>;
    project = createProject(STACK);
  });

  afterAll(async () => {
    for (const server of Object.values(servers ?? {})) await server.remove();
    project?.remove();
  });

  it("comes up from nothing, images included", async () => {
    configure(roster);
    await output("up", "--yes");
    expect(await states()).toEqual({
      alice: "started on one",
      bob: "started on two",
      carol: "started on three",
    });
  });

  it("has nothing to change then, with either engine", async () => {
    await output("preview", "--expect-no-changes");
    if (!onPath("pulumi")) return console.warn("skipped in part: no pulumi on PATH");
    outputOf("preview", await project.run("preview", "--expect-no-changes", "--engine", "pulumi"));
  });

  it("limits an agent's processes as on a local daemon", async () => {
    const limits = await Promise.all(
      NAMES.map((name) =>
        servers[name].ssh(
          `docker inspect --format '{{.HostConfig.PidsLimit}}' $(docker ps -q --filter label=agent-fleet.agent)`,
        ),
      ),
    );
    expect(limits).toEqual(["512", "512", "512"]);
  });

  it("uses one connection for all calls to a server", async () => {
    const before = NAMES.map((name) => servers[name].logins());
    await output("up", "--yes");
    const after = NAMES.map((name, index) => servers[name].logins() - (before[index] ?? 0));
    expect(Math.max(...after)).toBeLessThanOrEqual(2);
  });

  it("converges on the others when a server fails in the middle of a run, and names it", async () => {
    configure(grown);
    const running = run("up", "--yes");
    await vi.waitFor(
      async () =>
        expect(await servers.two.ssh("docker ps --format '{{.Names}}'")).toContain(`fleet.${STACK}.erin`),
      { timeout: 60_000, interval: 100 },
    );
    await servers.two.stop();
    const { code, stdout, stderr } = await running;
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(
      /erin-gateway.*ssh:\/\/root@10\.201\.12\.2 (?:stopped answering|cannot be reached)/,
    );
    expect(await servers.one.ssh("docker ps --format '{{.Names}}'")).toContain(`fleet.${STACK}.dave`);
    expect(await servers.three.ssh("docker ps --format '{{.Names}}'")).toContain(`fleet.${STACK}.frank`);
  });

  it("skips a server that is down from the start, and says what to try", async () => {
    const { code, stdout, stderr } = await run("up", "--yes");
    const printed = stdout + stderr;
    expect(code).toBe(1);
    expect(printed).toMatch(
      /Skipping two: ssh:\/\/root@10\.201\.12\.2 cannot be reached: .*Does this work\? ssh /,
    );
    expect(await servers.one.ssh("docker ps --format '{{.Names}}'")).toContain(`fleet.${STACK}.dave`);
    expect(await servers.three.ssh("docker ps --format '{{.Names}}'")).toContain(`fleet.${STACK}.frank`);
  });

  it("is completed by the next run once the server is back", async () => {
    await servers.two.start();
    await output("up", "--yes");
    expect(await states()).toEqual({
      alice: "started on one",
      bob: "started on two",
      carol: "started on three",
      dave: "started on one",
      erin: "started on two",
      frank: "started on three",
    });
    await output("preview", "--expect-no-changes");
  });

  it.skipIf(!onPath("pulumi"))("can be changed with the Pulumi CLI too, on the same state", async () => {
    const more = { ...grown, gina: { host: "three" } };
    configure(more);
    outputOf("up", await project.run("up", "--yes", "--engine", "pulumi"));
    expect(await states()).toMatchObject({ frank: "started on three", gina: "started on three" });
    await output("preview", "--expect-no-changes");
    configure(grown);
    await output("up", "--yes");
  });

  it("prints login links and logs of agents on a remote host", async () => {
    expect(await output("login", "bob")).toContain("https://bob.ssh.example.com:8443/");
    expect(await output("logs", "bob", "--no-follow", "--tail", "20")).not.toBe("");
  });

  it("sends nothing to a server whose host key is not the pinned one", async () => {
    configure(grown, {
      two: {
        kind: "ssh",
        address: servers.two.address,
        key: servers.two.key,
        hostKey: servers.one.hostKey,
        connectSeconds: 5,
      },
    });
    const logins = servers.two.logins();
    const { code, stdout, stderr } = await run("logs", "bob", "--no-follow");
    expect({ code, logins: servers.two.logins() }).toEqual({ code: 1, logins });
    expect(stdout + stderr).toContain("Host key verification failed");
    configure(grown);
  });

  it("is destroyed completely except for its data", async () => {
    await output("destroy", "--yes");
    for (const name of NAMES) {
      expect(
        await servers[name].ssh("docker ps -aq; docker network ls -q --filter label=agent-fleet.stack"),
      ).toBe("");
      expect(await servers[name].ssh("docker volume ls -q --filter label=agent-fleet.agent")).not.toBe("");
    }
  });
});
