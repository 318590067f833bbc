import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { isSecret } from "pulumi-embedded-engine/values";
import type { Goal } from "pulumi-embedded-engine/wire";
import { describe, expect, it } from "vitest";
import { createHostService, type HostServiceArgs } from "../../components/host-service.ts";
import { portGuard } from "../../fleet/docker/listeners.ts";
import type { ServicePlan } from "../../fleet/docker/types.ts";
import { registrationsOf } from "../support/project/recording-engine.ts";
import { goalOf, inputsOf, outline, record } from "../support/project/registrations.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";

const PLAN: ServicePlan = {
  name: "echo",
  title: "echo service",
  image: "echo:1",
  config: { file: "echo.json", content: "{}" },
  container: {
    user: "echo",
    capabilities: { drops: ["ALL"] },
    memoryMb: 128,
    tmpfs: { "/tmp": "mode=1777" },
    networkMode: "host",
    environment: ["A=1"],
    run: "exec echo",
  },
  loader: { capabilities: { drops: ["ALL"], adds: ["CAP_KILL"] }, sharesProcesses: false, load: "cp a b" },
  sharedVolumes: [],
  objects: {
    container: "fleet.test.host_echo",
    volume: "fleet.test.host_echo",
    loader: "fleet.test.host_echo_config",
  },
  ports: [{ setting: "echo.port", port: 7007, addresses: ["127.0.0.1"], openTo: "agents" }],
  credentials: [],
  replacing: "every echo is lost",
};

const register = (
  plan: Partial<ServicePlan> = {},
  args: Partial<HostServiceArgs> | (() => Partial<HostServiceArgs>) = {},
): Promise<readonly Goal[]> =>
  registrationsOf(
    () => {
      createHostService(
        "one",
        {
          plan: { ...PLAN, ...plan },
          labels: { "agent-fleet.stack": "test" },
          credentials: new Map(),
          repairs: new Map(),
          sharedVolumes: new Map(),
          ...(typeof args === "function" ? args() : args),
        },
        {},
      );
    },
    { dryRun: false },
  );

describe("a host service", () => {
  it("is a volume, a container and a loader of its configuration", async () => {
    const parent = "agent-fleet-test";
    expect(outline(await register())).toEqual([
      { type: CONTAINER, name: "one-echo", parent },
      { type: CONTAINER, name: "one-echo-config", parent },
      { type: VOLUME, name: "one-echo", parent },
    ]);
  });
});

describe("a service's container", () => {
  const containerOf = async (plan: Partial<ServicePlan> = {}, args: Partial<HostServiceArgs> = {}) =>
    goalOf(await register(plan, args), CONTAINER, "one-echo");

  it("has the plan's user, network, memory and capabilities, no new privileges and a read-only root", async () => {
    const container = await containerOf();
    expect(container.inputs["capabilities"]).toEqual({ drops: ["ALL"] });
    expect(container).toMatchObject({
      inputs: {
        name: "fleet.test.host_echo",
        image: "echo:1",
        user: "echo",
        readOnly: true,
        securityOpts: ["no-new-privileges"],
        init: true,
        memory: 128,
        memorySwap: 128,
        networkMode: "host",
        tmpfs: { "/tmp": "mode=1777" },
        envs: ["A=1"],
        restart: "unless-stopped",
        volumes: [{ volumeName: "fleet.test.host_echo", containerPath: "/service" }],
      },
      deleteBeforeReplace: true,
      replaceOnChanges: ["#initerror"],
    });
  });

  it("starts the service once its configuration is there, and does not end at the signal to read it", async () => {
    const { inputs } = await containerOf();
    const [script] = inputs["command"] as [string];
    const [trap, wait, ...rest] = script.split("\n");
    expect([trap, wait]).toEqual(["trap '' HUP", "until [ -e /service/echo.json ]; do sleep 0.1; done"]);
    expect(rest.at(-1)).toBe("exec echo");
  });

  it("ends where something else has one of its ports", async () => {
    const { inputs } = await containerOf();
    const [script] = inputs["command"] as [string];
    const folder = mkdtempSync(join(tmpdir(), "host-service-"));
    // No port that another test may get, as those are that the system chooses.
    const [address, port] = ["127.77.0.1", 17_077];
    const server = createServer().listen(port, address);
    await once(server, "listening");
    const guard = portGuard([{ setting: "echo.port", port, addresses: [address], openTo: "agents" }]);
    writeFileSync(join(folder, "echo.json"), "");
    writeFileSync(join(folder, "ports"), guard);
    const start = () =>
      spawnSync("sh", ["-c", script.replaceAll("/service/", `${folder}/`)], { encoding: "utf8" });
    const refused = start();
    server.close();
    await once(server, "close");
    const started = start();
    rmSync(folder, { recursive: true });
    expect(refused).toMatchObject({
      status: 1,
      stderr: `port ${port} (echo.port) is taken by another process of this host\n`,
    });
    expect(started).toMatchObject({ status: 0, stderr: "" });
  });

  it("gets its credentials as secret environment variables", async () => {
    const credentials = [{ key: "echoToken", variable: "ECHO_TOKEN", purpose: "to echo" }];
    const container = await containerOf(
      { credentials },
      { credentials: new Map([["echoToken", pulumi.secret("t")]]) },
    );
    expect(isSecret(container.inputs["envs"])).toBe(true);
    expect(inputsOf(container)["envs"]).toEqual(["A=1", "ECHO_TOKEN=t"]);
  });

  it("gets no credential that the service did not ask for", async () => {
    const container = await containerOf({}, { credentials: new Map([["other", pulumi.secret("t")]]) });
    expect(container.inputs["envs"]).toEqual(["A=1"]);
  });

  it("mounts the volumes that it shares with other services of its host", async () => {
    const goals = await register(
      { sharedVolumes: [{ name: "sockets", object: "fleet.test.host_sockets", path: "/sockets" }] },
      () => ({
        sharedVolumes: new Map([
          ["sockets", new docker.Volume("one-sockets", { name: "fleet.test.host_sockets" })],
        ]),
      }),
    );
    expect(goalOf(goals, CONTAINER, "one-echo").inputs["volumes"]).toEqual([
      { volumeName: "fleet.test.host_echo", containerPath: "/service" },
      { volumeName: "fleet.test.host_sockets", containerPath: "/sockets" },
    ]);
  });

  it("is not replaced for a new configuration, and is for settings that the provider does not apply", async () => {
    const { inputs } = await containerOf();
    const reconfigured = await containerOf({ config: { file: "echo.json", content: "{ }" } });
    expect(reconfigured.inputs).toEqual(inputs);
    const changed = await containerOf({ container: { ...PLAN.container, tmpfs: { "/run": "" } } });
    expect(changed.inputs["labels"]).not.toEqual(inputs["labels"]);
  });
});

describe("a service's loader", () => {
  const LOADER = "one-echo-config";

  it("runs once, offline, with the capabilities that the plan gives it", async () => {
    expect(goalOf(await register(), CONTAINER, LOADER)).toMatchObject({
      inputs: {
        name: "fleet.test.host_echo_config",
        image: "echo:1",
        command: [
          "cat > /service/ports <<'END'\n: (0+|0100007F):1B5F 0+:0000 0A\t7007 (echo.port)\nEND\ncp a b",
        ],
        capabilities: { drops: ["ALL"], adds: ["CAP_KILL"] },
        securityOpts: ["no-new-privileges"],
        memory: 128,
        memorySwap: 128,
        networkMode: "none",
        uploads: [{ file: "/config/echo.json", content: "{}" }],
        volumes: [{ volumeName: "fleet.test.host_echo", containerPath: "/service" }],
        attach: true,
        logs: true,
        mustRun: false,
        restart: "no",
      },
      deleteBeforeReplace: true,
      replaceOnChanges: ["#initerror"],
    });
  });

  it("waits for the service that it loads the configuration into", async () => {
    const goals = await register();
    expect(goalOf(goals, CONTAINER, LOADER).dependencies).toContain(goalOf(goals, CONTAINER, "one-echo").urn);
  });

  it("sees the service's processes only where it has to signal them", async () => {
    expect(goalOf(await register(), CONTAINER, LOADER).inputs).not.toHaveProperty("pidMode");
    const goals = await register({ loader: { ...PLAN.loader, sharesProcesses: true } });
    expect(goalOf(goals, CONTAINER, LOADER).inputs["pidMode"]).toMatch(/^container:\d+$/);
  });

  it("gets no credential", async () => {
    const credentials = [{ key: "echoToken", variable: "ECHO_TOKEN", purpose: "to echo" }];
    const goals = await register(
      { credentials },
      { credentials: new Map([["echoToken", pulumi.secret("t")]]) },
    );
    expect(JSON.stringify(goalOf(goals, CONTAINER, LOADER).inputs)).not.toContain("ECHO_TOKEN");
  });

  it("is recreated after a load that failed", async () => {
    const goals = await register({}, { repairs: new Map([["container one-echo-config", 2]]) });
    expect(goalOf(goals, CONTAINER, LOADER).inputs["labels"]).toEqual([
      { label: "agent-fleet.repairs", value: "2" },
      { label: "agent-fleet.stack", value: "test" },
    ]);
  });
});

describe("a configuration that a service refuses", () => {
  it("fails the update with the service's own message", async () => {
    const fleet = {
      domain: "agents.example.com",
      hosts: { one: { kind: "docker", address: "tcp://127.0.0.1:1" } },
      agents: {},
    };
    const created = ({ name }: Goal): Record<string, string | number> =>
      name === "one-ingress-config"
        ? { exitCode: 1, containerLogs: "unknown module: http.handlers.echo\n" }
        : { exitCode: 0, containerLogs: "" };
    const { messages } = await record(fleet, { dryRun: false, created });
    expect(messages.join("\n")).toContain(
      "one-ingress refused its new configuration and keeps the old one; the next run tries again.\nunknown module: http.handlers.echo",
    );
    expect(messages.join("\n")).not.toContain("one-egress-proxy");
  });
});
