import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { differingInputs, type ImageConfig } from "../../../../engine/providers/docker/container-inputs.ts";
import { optionsOf } from "../../../../engine/providers/docker/container-options.ts";
import { type Properties, UNKNOWN } from "../../../../engine/values.ts";

const MIB = 1024 ** 2;

/** With a value for every input that can be read back. */
const INPUTS: Properties = {
  capabilities: { adds: ["NET_ADMIN"], drops: ["ALL"] },
  command: ["run"],
  cpus: "0.25",
  dns: ["127.0.0.1"],
  dnsOpts: ["timeout:1"],
  entrypoints: ["sh", "-c"],
  envs: ["B=2", "A=1"],
  healthcheck: { tests: ["CMD", "true"], interval: "5s", timeout: "1m0s", startPeriod: "10m0s", retries: 3 },
  hostname: "alice",
  image: "app:1",
  init: true,
  labels: [
    { label: "b", value: "2" },
    { label: "a", value: "1" },
  ],
  logDriver: "json-file",
  logOpts: { "max-file": "3" },
  memory: 512,
  memoryReservation: 256,
  memorySwap: 512,
  networkMode: "bridge",
  networksAdvanced: [{ name: "n1", ipv4Address: "10.0.0.2" }],
  pidMode: "container:c2",
  readOnly: true,
  restart: "unless-stopped",
  securityOpts: ["no-new-privileges"],
  tmpfs: { "/tmp": "mode=1777" },
  user: "1000:1000",
  volumes: [
    { volumeName: "data", containerPath: "/data" },
    { hostPath: "/etc/x", containerPath: "/x", readOnly: true },
  ],
  workingDir: "/app",
};

const IMAGE: ImageConfig = {
  Env: ["PATH=/bin"],
  Labels: { maintainer: "them" },
  Entrypoint: ["/entry"],
  Cmd: ["serve"],
  User: "node",
  WorkingDir: "/srv",
};

interface Found {
  readonly config?: object;
  readonly host?: object;
  readonly networks?: object;
}

/** As Docker describes the container that was created with these inputs. */
function created(inputs: Properties, { config, host, networks }: Found = {}): Docker.ContainerInspectInfo {
  const { HostConfig, ...own } = optionsOf(inputs);
  const { Env, Labels, ...ofImage } = IMAGE;
  return {
    Id: "c1",
    Config: {
      ...ofImage,
      ...(own.Entrypoint === undefined ? {} : { Cmd: null }),
      Hostname: "c1",
      ...own,
      Env: [...(own.Env ?? []), ...(Env ?? [])],
      Labels: { ...Labels, ...own.Labels },
      ...config,
    },
    HostConfig: { ...HostConfig, ...host },
    NetworkSettings: {
      Networks: networks ?? { one: { NetworkID: "n1", IPAMConfig: { IPv4Address: "10.0.0.2" } } },
    },
  } as unknown as Docker.ContainerInspectInfo;
}

describe("a container as it was asked for", () => {
  it("differs in nothing", () => {
    expect(differingInputs(INPUTS, created(INPUTS), IMAGE)).toEqual({});
  });

  it("differs in nothing where the image and the daemon fill in what was not asked for", () => {
    const inputs = { image: "app:1", name: "x" };
    const networks = { bridge: { NetworkID: "b", IPAMConfig: null } };
    const host = { LogConfig: { Type: "json-file", Config: {} }, NetworkMode: "default", MemorySwap: 0 };
    expect(differingInputs(inputs, created(inputs, { host, networks }), IMAGE)).toEqual({});
  });

  it("differs in nothing where Docker spells it otherwise, or in another order", () => {
    const found = created(INPUTS, {
      config: { Env: ["PATH=/bin", "A=1", "B=2"] },
      host: { CapAdd: ["CAP_NET_ADMIN"], Binds: ["/etc/x:/x:ro", "data:/data:rw"] },
    });
    expect(differingInputs(INPUTS, found, IMAGE)).toEqual({});
  });
});

describe("a container that differs", () => {
  const CASES: Readonly<Record<string, readonly [Found, unknown]>> = {
    capabilities: [{ host: { CapAdd: ["CAP_SYS_ADMIN"] } }, { adds: ["SYS_ADMIN"], drops: ["ALL"] }],
    command: [{ config: { Cmd: null } }, []],
    cpus: [{ host: { NanoCpus: 5e8 } }, "0.5"],
    dns: [{ host: { Dns: [] } }, []],
    dnsOpts: [{ host: { DnsOptions: null } }, []],
    entrypoints: [{ config: { Entrypoint: ["/entry"] } }, ["/entry"]],
    envs: [{ config: { Env: ["PATH=/bin", "B=2", "A=3"] } }, ["A=3", "B=2"]],
    healthcheck: [{ config: { Healthcheck: null } }, null],
    hostname: [{ config: { Hostname: "bob" } }, "bob"],
    image: [{ config: { Image: "app:2" } }, "app:2"],
    init: [{ host: { Init: null } }, false],
    labels: [{ config: { Labels: { maintainer: "them", a: "1" } } }, [{ label: "a", value: "1" }]],
    logDriver: [{ host: { LogConfig: { Type: "none", Config: { "max-file": "3" } } } }, "none"],
    logOpts: [{ host: { LogConfig: { Type: "json-file", Config: {} } } }, {}],
    memory: [{ host: { Memory: 600 * MIB } }, 600],
    memoryReservation: [{ host: { MemoryReservation: 0 } }, 0],
    memorySwap: [{ host: { MemorySwap: -1 } }, -1],
    networkMode: [{ host: { NetworkMode: "host" } }, "host"],
    networksAdvanced: [{ networks: { one: { NetworkID: "n2", IPAMConfig: {} } } }, [{ name: "n2" }]],
    pidMode: [{ host: { PidMode: "container:c3" } }, "container:c3"],
    readOnly: [{ host: { ReadonlyRootfs: false } }, false],
    restart: [{ host: { RestartPolicy: { Name: "" } } }, "no"],
    securityOpts: [{ host: { SecurityOpt: null } }, []],
    tmpfs: [{ host: { Tmpfs: null } }, {}],
    user: [{ config: { User: "" } }, null],
    volumes: [
      { host: { Binds: ["data:/elsewhere:rw"] } },
      [{ volumeName: "data", containerPath: "/elsewhere" }],
    ],
    workingDir: [{ config: { WorkingDir: "/" } }, "/"],
  };

  it.each(Object.entries(CASES))("in %s has it as it is", (key, [found, actual]) => {
    expect(differingInputs(INPUTS, created(INPUTS, found), IMAGE)).toEqual({ [key]: actual });
  });

  it("has a case here for every input that is read back", () => {
    expect(Object.keys(CASES)).toEqual(Object.keys(INPUTS).toSorted());
  });

  it("in what is not known yet has it as it is", () => {
    const inputs = {
      ...INPUTS,
      networksAdvanced: [{ name: UNKNOWN, ipv4Address: "10.0.0.2" }],
      envs: UNKNOWN,
    };
    expect(differingInputs(inputs, created(INPUTS), IMAGE)).toEqual({
      networksAdvanced: [{ name: "n1", ipv4Address: "10.0.0.2" }],
      envs: ["A=1", "B=2"],
    });
    const without = created(INPUTS, { host: { Binds: null } });
    expect(differingInputs({ ...INPUTS, volumes: UNKNOWN }, without, IMAGE)).toEqual({ volumes: [] });
  });
});
