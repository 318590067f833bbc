/**
 * A new host service is one folder and one line in a list. This test adds one to a copy of the project, and looks for it in
 * every place where the fleet's services appear.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isSecret } from "pulumi-embedded-engine/values";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { type FakeDaemon, startDaemon } from "../support/docker-daemon.ts";
import { LOGIN } from "../support/fleets.ts";
import { exportedState, providerOutputs } from "../support/project/exported-state.ts";
import { createProject, runCommand, type TestProject } from "../support/project/project.ts";
import { goalOf, inputsOf, record } from "../support/project/registrations.ts";

const SERVICE = `import { z } from "zod";
import { image, port } from "../../config/primitives.ts";
import { CONFIG_DIRECTORY, SERVICE_DIRECTORY, type ServiceDefinition } from "../service.ts";

const settings = z
  .strictObject({
    image: image.default("echo:1").describe("The echo server's image."),
    port: port.default(7007).describe("Its port on the host."),
    public: z.boolean().default(false).describe("Opens its port to everyone instead of agents only."),
  })
  .optional()
  .describe("A server that sends back what it receives.");

export const echo: ServiceDefinition<"echo", typeof settings> = {
  // Ends like the name of an agent's container.
  name: "echo-gateway",
  title: "echo server",
  setting: "echo",
  settings,
  problems: () => [],
  image: ({ image }) => image,
  recipe: { packages: ["busybox"], settings: [] },
  ports: ({ port, public: isPublic }) => [
    { setting: "echo.port", port, addresses: ["0.0.0.0"], openTo: isPublic ? "everyone" : "agents" },
  ],
  credentials: [{ key: "echoToken", variable: "ECHO_TOKEN", purpose: "to echo: any token" }],
  needsCredentials: () => true,
  configFile: "echo.json",
  plan: ({ port }, { agents }) => ({
    config: JSON.stringify({ port, agents: agents.map(({ name }) => name) }),
    container: {
      user: "echo",
      capabilities: { drops: ["ALL"] },
      memoryMb: 64,
      tmpfs: { "/tmp": "mode=1777" },
      networkMode: "host",
      environment: [],
      run: \`exec echo-server \${SERVICE_DIRECTORY}/echo.json\`,
    },
    loader: {
      capabilities: { drops: ["ALL"] },
      sharesProcesses: false,
      load: \`cp \${CONFIG_DIRECTORY}/echo.json \${SERVICE_DIRECTORY}/echo.json\`,
    },
    sharedVolumes: [],
  }),
  health: ({ port }) => ["echo-client", String(port)],
  replacing: "every echo is lost",
};
`;

const STACK = "fourth-service";
const TOKEN = "token-of-the-echo-server";
const UNREACHABLE = "tcp://127.0.0.1:1";
const FLEET = {
  domain: "agents.example.com",
  hosts: { one: { kind: "docker", address: UNREACHABLE } },
  agents: { alice: {} },
  echo: {},
};
const HETZNER = { ...FLEET, hosts: { eu: { kind: "hetzner", ...LOGIN, locations: ["fsn1"] } } };
const CREDENTIALS = { "agent-fleet:echoToken": TOKEN };

/** Adds the service as a contributor would. */
function addService(folder: string): void {
  mkdirSync(join(folder, "fleet/services/echo"));
  writeFileSync(join(folder, "fleet/services/echo/service.ts"), SERVICE);
  const file = join(folder, "fleet/services/index.ts");
  const list = readFileSync(file, "utf8")
    .replace(/^import /m, 'import { echo } from "./echo/service.ts";\nimport ')
    .replace(/(SERVICES = \[[^\]]*)\]/, "$1, echo]");
  writeFileSync(file, list);
}

// Type checks and runs of the whole program, which take long on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

let project: TestProject;

const file = (name: string): string => join(project.folder, name);

/** `npm run COMMAND` on the copy. @throws where it fails */
async function run(command: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.run(command, ...args);
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
  return stdout;
}

const configure = (fleet: object): void => project.configure(fleet, { config: CREDENTIALS });

const recordCopy = (fleet: object, options: Parameters<typeof record>[1] = {}) =>
  record(fleet, { folder: project.folder, credentials: CREDENTIALS, ...options });

const daemons: FakeDaemon[] = [];

/** A host that has every image except the service's, and whose containers pass every command. */
async function startFakeHost(): Promise<FakeDaemon> {
  const daemon = await startDaemon(({ method, path }) => {
    if (path === "/_ping") return {};
    if (path === "/version") return { body: { Version: "28.5.2" } };
    if (path === "/info") return { body: { OperatingSystem: "Debian GNU/Linux 13" } };
    if (path === "/images/create") return { events: [{ status: "Pulled" }] };
    if (/^\/images\/.*\/json$/.test(path))
      return path.includes("echo:1") ? undefined : { body: { Id: "sha256:0" } };
    if (method === "POST" && path.endsWith("/exec")) return { status: 201, body: { Id: "exec" } };
    if (path === "/exec/exec/start") return { events: [] };
    return path === "/exec/exec/json" ? { body: { ExitCode: 0 } } : undefined;
  });
  daemons.push(daemon);
  return daemon;
}

beforeAll(() => {
  project = createProject(STACK);
  addService(project.folder);
  configure(FLEET);
});

afterAll(async () => {
  project.remove();
  for (const daemon of daemons) await daemon.close();
});

describe("a fourth service in the code", () => {
  it("needs no other change for the types to be right", async () => {
    writeFileSync(
      file("tsconfig.copy.json"),
      JSON.stringify({
        extends: "./tsconfig.json",
        include: ["index.ts", "cli/main.ts", "schema/generate.ts"],
      }),
    );
    const { code, stdout } = await runCommand("tsc", ["--project", "tsconfig.copy.json"], {
      cwd: project.folder,
      env: project.environment,
    });
    expect(code, stdout).toBe(0);
  });
});

describe("a fourth service in the plan", () => {
  it("is in the text, with its image", async () => {
    expect(await run("plan")).toMatch(/one: .*egress proxy \(\S+\), echo server \(echo:1\)/);
  });

  it("is in the JSON of its host", async () => {
    const { hosts } = JSON.parse(await run("plan", "--json")) as { hosts: { one: { services: object[] } } };
    expect(hosts.one.services).toContainEqual({
      name: "echo-gateway",
      title: "echo server",
      image: "echo:1",
      replacing: "every echo is lost",
    });
  });

  it("is on the page", async () => {
    await run("plan", "--html", file("plan.html"));
    expect(readFileSync(file("plan.html"), "utf8")).toContain("echo server");
  });

  it("is not run by a fleet without its setting", async () => {
    const { echo: _, ...without } = FLEET;
    configure(without);
    expect(await run("plan")).not.toContain("echo");
    configure(FLEET);
  });
});

describe("a fourth service in an update", () => {
  it("is previewed as a container, a volume and a loader on its host", async () => {
    const { changes } = JSON.parse(await run("preview", "--json", "--engine", "embedded")) as {
      changes: { op: string; type: string; name: string }[];
    };
    const own = changes.filter(({ name }) => name.startsWith("one-echo-gateway"));
    expect(own.map(({ op, type, name }) => `${op} ${type.split(":").at(-1)} ${name}`).toSorted()).toEqual([
      "create Container one-echo-gateway",
      "create Container one-echo-gateway-config",
      "create Volume one-echo-gateway",
    ]);
  });

  it("gets its credential as a secret environment variable, and its configuration from its loader", async () => {
    const { goals, messages } = await recordCopy(FLEET);
    expect(messages).toEqual([]);
    const container = goalOf(goals, "docker:index/container:Container", "one-echo-gateway");
    expect(isSecret(container.inputs["envs"])).toBe(true);
    expect(inputsOf(container)).toMatchObject({
      name: "fleet.test.host_echo_gateway",
      image: "echo:1",
      envs: [`ECHO_TOKEN=${TOKEN}`],
    });
    const loader = goalOf(goals, "docker:index/container:Container", "one-echo-gateway-config");
    expect(loader.inputs["uploads"]).toEqual([
      { file: "/config/echo.json", content: JSON.stringify({ port: 7007, agents: ["alice"] }) },
    ]);
    const others = goals.filter((goal) => goal !== container).map(inputsOf);
    expect(JSON.stringify(others)).not.toContain(TOKEN);
  });

  it("is refused without its credential, by name", async () => {
    const daemon = await startFakeHost();
    project.configure({ ...FLEET, hosts: { one: { kind: "docker", address: daemon.address } } });
    const { code, stdout, stderr } = await project.run("up", "--yes", "--engine", "embedded");
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(
      "agent-fleet:echoToken\n    it is needed to echo: any token\n    -> set it with: pulumi config set --stack fourth-service --secret agent-fleet:echoToken",
    );
    // The failed run left a state, which a review would start from.
    rmSync(file("state/.pulumi"), { recursive: true });
    expect(daemon.requests.filter(({ path }) => /create$/.test(path) && !path.startsWith("/images"))).toEqual(
      [],
    );
  });
});

describe("a fourth service on its host", () => {
  let daemon: FakeDaemon;

  beforeAll(async () => {
    daemon = await startFakeHost();
    configure({ ...FLEET, hosts: { one: { kind: "docker", address: daemon.address } } });
  });

  it("has its image pulled like every other", async () => {
    await run("images");
    const pulls = daemon.requests.filter(({ path }) => path === "/images/create");
    expect(pulls.map(({ query }) => query.get("fromImage"))).toEqual(["echo:1"]);
  });

  it("is probed with its health command", async () => {
    const output = await run("probe");
    expect(output).toMatch(/^one +ingress +works$/m);
    expect(output).toMatch(/^one +echo server +works$/m);
    const probes = daemon.requests.filter(
      ({ path }) => path === `/containers/fleet.${STACK}.host_echo_gateway/exec`,
    );
    expect(probes.map(({ body }) => (JSON.parse(body) as { Cmd: string[] }).Cmd)).toEqual([
      ["echo-client", "7007"],
    ]);
  });
});

describe("a fourth service's port", () => {
  const refusal = async (changes: object): Promise<string> => {
    const { messages } = await recordCopy({ ...FLEET, ...changes });
    return messages.join("\n");
  };

  it("may not be in the agents' range", async () => {
    expect(await refusal({ echo: { port: 18_850 } })).toContain("echo.port 18850 is in the agents' range");
  });

  it("may not be another service's", async () => {
    expect(await refusal({ echo: { port: 3128 } })).toContain(
      "echo.port = 3128\n    egressProxy.port is the same port",
    );
  });

  it("is open to agents in a new server's packet filter, and closed to everyone else", async () => {
    const { goals } = await recordCopy(HETZNER);
    const { userData } = inputsOf(goalOf(goals, "hcloud:index/server:Server", "eu-1"));
    expect(userData).toContain("tcp dport { 443, 3128, 7007 } accept");
    const { rules } = inputsOf(goalOf(goals, "hcloud:index/firewall:Firewall", "eu"));
    expect((rules as { port: string }[]).map(({ port }) => port)).toEqual(["22", "443"]);
  });

  it("is open to everyone in Hetzner's firewall where the service says so", async () => {
    const { goals } = await recordCopy({ ...HETZNER, echo: { public: true } });
    const { rules } = inputsOf(goalOf(goals, "hcloud:index/firewall:Firewall", "eu"));
    expect((rules as { port: string }[]).map(({ port }) => port)).toEqual(["22", "443", "7007"]);
  });
});

describe("a fourth service in a review", () => {
  const base = (fleet: object): string => {
    writeFileSync(file("base.yaml"), stringify({ config: { "agent-fleet:fleet": fleet } }));
    return file("base.yaml");
  };
  /** Without the engine's own list, which is a diff. */
  const items = (comment: string): string[] =>
    (comment.split("```diff")[0] ?? "").split("\n").filter((line) => line.startsWith("- "));
  const { echo: _, ...withoutEcho } = FLEET;

  it("is named when its image differs from the base branch's", async () => {
    configure({ ...FLEET, echo: { image: "echo:2" } });
    const comment = await run("review", "--base", base(FLEET));
    expect(items(comment)).toEqual(["- changes one (echo server's image)"]);
    expect(comment).not.toContain("No agent is added, removed, moved or restarted");
  });

  it("is named when it is added or removed", async () => {
    configure(FLEET);
    expect(items(await run("review", "--base", base(withoutEcho)))).toEqual([
      "- changes one (echo server added)",
    ]);
    configure(withoutEcho);
    expect(items(await run("review", "--base", base(FLEET)))).toEqual([
      "- changes one (echo server removed)",
    ]);
  });

  it("says what replacing it does, compared with a state", async () => {
    const recorded = await recordCopy(FLEET, { dryRun: false, created: providerOutputs, stack: STACK });
    writeFileSync(file("state.json"), await exportedState(recorded, "test"));
    configure({ ...FLEET, echo: { image: "echo:2" } });
    const comment = await run("review", "--state", file("state.json"));
    expect(items(comment)).toEqual([
      "- replaces the echo server of one (image echo:2 instead of echo:1): every echo is lost",
    ]);
    expect(comment).not.toContain("No agent is added, removed, moved or restarted");
    configure(withoutEcho);
    expect(items(await run("review", "--state", file("state.json")))).toEqual([
      "- removes the echo server of one",
    ]);
  });
});

describe("a fourth service in the documentation", () => {
  it("is in the reference and in the JSON Schema for editors", async () => {
    const { code, stderr } = await runCommand(process.execPath, ["schema/generate.ts"], {
      cwd: project.folder,
      env: project.environment,
    });
    expect(code, stderr).toBe(0);
    expect(readFileSync(file("docs/configuration.md"), "utf8")).toContain(
      "Opens its port to everyone instead of agents only.",
    );
    expect(readFileSync(file("schema/stack-file.schema.json"), "utf8")).toContain(
      "A server that sends back what it receives.",
    );
  });
});
