import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probeCommand } from "../../cli/commands/probe.ts";
import type { Project } from "../../workspace/project.ts";
import { createProject, type TestProject } from "../support/project.ts";

describe("npm run probe", () => {
  let project: TestProject;
  const servers: Server[] = [];
  const listen = (server: Server, where: string | number): Promise<Server> => {
    servers.push(server);
    return new Promise((resolve) => {
      server.listen(where, () => resolve(server));
    });
  };
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  /** A Docker engine, as far as it is asked. */
  const engine = (): Server =>
    createServer(({ url }, response) => {
      response.statusCode = url === "/_ping" ? 200 : 404;
      response.end("OK");
    });
  const configure = (hosts: object): void =>
    project.configure({ domain: "agents.example.com", hosts, agents: {} });

  beforeAll(() => {
    project = createProject("probe-cli");
  });
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    project.remove();
  });

  it("passes where every engine answers", async () => {
    const socket = join(project.folder, "docker.sock");
    await listen(engine(), socket);
    const port = portOf(await listen(engine(), 0));
    configure({
      near: { kind: "docker", address: `unix://${socket}` },
      far: { kind: "docker", address: `tcp://127.0.0.1:${port}` },
    });
    const { code, stdout } = await project.run("probe");
    expect(stdout).toMatch(/^near +unix:\/\/\S+ +answers$/m);
    expect(stdout).toMatch(/^far +tcp:\/\/127\.0\.0\.1:\d+ +answers$/m);
    expect(code).toBe(0);
  });

  it("fails where one does not, and says which and why", async () => {
    const server = await listen(engine(), 0);
    const broken = await listen(
      createServer((_, response) => {
        response.statusCode = 500;
        response.end("{}");
      }),
      0,
    );
    configure({
      well: { kind: "docker", address: `tcp://127.0.0.1:${portOf(server)}` },
      gone: { kind: "docker", address: `unix://${join(project.folder, "nobody.sock")}` },
      broken: { kind: "docker", address: `tcp://127.0.0.1:${portOf(broken)}` },
    });
    const { code, stdout, stderr } = await project.run("probe");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^well .* answers$/m);
    expect(stdout).toMatch(/^gone .* does not answer: .*ENOENT/m);
    expect(stdout).toMatch(/^broken .* does not answer: .*server error/m);
    expect(stderr).toContain("No answer from gone, broken.");
  });

  it("waits for all of them together, and not for ever", async () => {
    const silent = [await listen(createServer(), 0), await listen(createServer(), 0)];
    configure(
      Object.fromEntries(
        silent.map((server, index) => [
          `silent-${index}`,
          { kind: "docker", address: `tcp://127.0.0.1:${portOf(server)}` },
        ]),
      ),
    );
    const lines: string[] = [];
    const terminal = { print: (line: string) => lines.push(line), log: () => undefined };
    const opened: Project = {
      folder: project.folder,
      name: "agent-fleet",
      stack: project.stack,
      stackFile: join(project.folder, `Pulumi.${project.stack}.yaml`),
      backendUrl: "file://~",
    };
    const start = performance.now();
    const unneeded = (): never => expect.unreachable("nothing is rented");
    expect(await probeCommand(opened, unneeded, terminal, 400)).toBe(false);
    expect(performance.now() - start).toBeLessThan(780);
    expect(lines.join("\n").match(/does not answer: no answer within 0\.4 s/g)).toHaveLength(2);
  });
});
