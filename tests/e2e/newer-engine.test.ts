/** Debian 13's Docker, where this machine's may be older: the differences must not show. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { STATUS_FILE } from "../../fleet/hosts/hetzner/first-boot/script.ts";
import { renderFirstBoot } from "../../fleet/hosts/hetzner/first-boot.ts";
import { onPath } from "../../system/on-path.ts";
import { run } from "../../system/run.ts";
import { saveImages, seedImages } from "../support/clouds/test-clouds.ts";
import { ask } from "../support/gateway/http.ts";
import { CloudServer, canCreateServers, prepareServers } from "../support/hosts/cloud-server.ts";
import { createProject, type TestProject } from "../support/project/project.ts";
import { outputOf } from "../support/project/test-fleet.ts";

const STACK = "e2e-newer";
const PORT = 8443;

if (!canCreateServers()) console.warn("SKIPPED: a newer Docker daemon, which takes root and apt");

describe.skipIf(!canCreateServers())("a fleet on a newer Docker daemon", () => {
  let project: TestProject;
  let server: CloudServer;

  const configure = (agents: object): void =>
    project.configure({
      domain: "newer.example.com",
      hosts: {
        debian: {
          kind: "ssh",
          address: server.address,
          key: join(project.folder, "key"),
          hostKey: server.hostKey(),
        },
      },
      ingress: { port: PORT },
      defaults: { class: "light" },
      agents,
    });
  const output = async (command: string, ...args: string[]): Promise<string> =>
    outputOf(command, await project.run(command, ...args));

  beforeAll(async () => {
    await prepareServers();
    project = createProject(STACK);
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(project.folder, "key")]);
    const publicKey = readFileSync(join(project.folder, "key.pub"), "utf8").trim();
    const archive = await saveImages(project.folder);
    server = await CloudServer.boot({
      index: 51,
      name: "debian",
      userData: renderFirstBoot({
        publicKeys: [publicKey],
        subnets: "10.96.0.0/16",
        servicePorts: [PORT, 3128],
        publicPorts: [PORT],
        hasDataVolume: false,
      }),
      authorizedKeys: [publicKey],
    });
    seedImages(server, archive);
    await vi.waitFor(async () => expect(await server.exec(`cat ${STATUS_FILE}`)).toBe("done"), {
      timeout: 240_000,
      interval: 500,
    });
  });
  afterAll(async () => {
    await server?.remove();
    project?.remove();
  });

  it("comes up with the embedded engine, and then has nothing to change with either engine", async () => {
    configure({ alice: {}, open: { egress: "open" } });
    await output("up", "--yes", "--engine", "embedded");
    const authority = await output("ca");
    for (const name of ["alice", "open"]) {
      const url = `https://${name}.newer.example.com:${PORT}/startupz`;
      expect((await ask(url, { authority, address: server.address })).body).toContain('"status":"started"');
    }
    await output("preview", "--expect-no-changes", "--engine", "embedded");
    if (!onPath("pulumi")) return console.warn("skipped in part: no pulumi on PATH");
    await output("preview", "--expect-no-changes", "--engine", "pulumi");
  });

  it("gives an agent access to the egress proxy only", async () => {
    const tries = [`10.96.0.1/22`, `${server.address}/22`, `${server.address}/${PORT}`, "10.96.0.1/3128"];
    const script = tries
      .map((to) => `timeout 2 bash -c ': </dev/tcp/${to}' 2>/dev/null && echo reached || echo refused`)
      .join("; ");
    expect(await server.exec(`docker exec fleet.${STACK}.alice bash -c "${script}"`)).toBe(
      "refused\nrefused\nrefused\nreached",
    );
  });

  it("is changed and removed as on an older one", async () => {
    configure({ alice: { model: "openai/gpt-5" } });
    await output("up", "--yes", "--engine", "embedded");
    await output("preview", "--expect-no-changes", "--engine", "embedded");
    await output("destroy", "--yes", "--engine", "embedded");
    expect(await server.exec("docker ps --all --quiet; docker network ls --quiet --filter name=fleet")).toBe(
      "",
    );
  });
});
