/** Which Docker daemon is used, by what a machine has. */
import { createHash } from "node:crypto";
import { DaemonNotFoundError, type FoundDaemon, findDaemon } from "docker-connection";
import { describe, expect, it } from "vitest";

const CONFIG = "/home/ann/.docker/config.json";
const idOf = (context: string): string => createHash("sha256").update(context).digest("hex");
const metaOf = (context: string, folder = "/home/ann/.docker"): string =>
  `${folder}/contexts/meta/${idOf(context)}/meta.json`;
const meta = (Host: string): string => JSON.stringify({ Endpoints: { docker: { Host } } });
const SOCKET = "/var/run/docker.sock";

/** @param files content by path; a socket has none */
const found = (env: Record<string, string>, files: Record<string, string> = {}): FoundDaemon =>
  findDaemon({
    env,
    home: "/home/ann",
    exists: (path) => Object.hasOwn(files, path),
    read: (path) => files[path] ?? "",
  });

describe("the Docker daemon of a machine", () => {
  it("is the default one where nothing says otherwise, and where there is none", () => {
    const expected = { address: `unix://${SOCKET}`, reason: undefined };
    expect(found({})).toEqual(expected);
    expect(found({ DOCKER_HOST: "", DOCKER_CONTEXT: "" }, { [SOCKET]: "" })).toEqual(expected);
    expect(found({}, { [CONFIG]: "{}" })).toEqual(expected);
  });

  const contexts = {
    [metaOf("one")]: meta("unix:///one.sock"),
    [metaOf("two")]: meta("tcp://two:2376"),
    [`/home/ann/.docker/contexts/tls/${idOf("two")}/docker/cert.pem`]: "",
    [metaOf("three")]: meta("ssh://ann@three"),
    [CONFIG]: JSON.stringify({ currentContext: "three" }),
    [SOCKET]: "",
  };

  it.each<[string, Record<string, string>, FoundDaemon]>([
    [
      "DOCKER_HOST before a context",
      { DOCKER_HOST: "tcp://zero:2375", DOCKER_CONTEXT: "one" },
      { address: "tcp://zero:2375", reason: "DOCKER_HOST" },
    ],
    [
      "DOCKER_HOST with TLS",
      { DOCKER_HOST: "tcp://zero:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" },
      { address: "tcp://zero:2376", certificates: "/certs", reason: "DOCKER_HOST" },
    ],
    [
      "DOCKER_HOST with TLS, and certificates where Docker keeps them",
      { DOCKER_HOST: "tcp://zero:2376", DOCKER_TLS_VERIFY: "1" },
      { address: "tcp://zero:2376", certificates: "/home/ann/.docker", reason: "DOCKER_HOST" },
    ],
    [
      "a socket, which has no TLS",
      { DOCKER_HOST: "unix:///zero.sock", DOCKER_TLS_VERIFY: "1" },
      { address: "unix:///zero.sock", reason: "DOCKER_HOST" },
    ],
    [
      "DOCKER_CONTEXT before the current one",
      { DOCKER_CONTEXT: "one" },
      { address: "unix:///one.sock", reason: "the docker context one" },
    ],
    [
      "a context with TLS",
      { DOCKER_CONTEXT: "two" },
      {
        address: "tcp://two:2376",
        certificates: `/home/ann/.docker/contexts/tls/${idOf("two")}/docker`,
        reason: "the docker context two",
      },
    ],
    [
      "the current context before a socket",
      {},
      { address: "ssh://ann@three", reason: "the docker context three" },
    ],
    [
      "the default context, by its name",
      { DOCKER_CONTEXT: "default" },
      { address: `unix://${SOCKET}`, reason: undefined },
    ],
  ])("is %s", (_, env, expected) => {
    expect(found(env, contexts)).toEqual(expected);
  });

  it("is in the contexts of another folder", () => {
    const files = {
      [metaOf("one", "/etc/d")]: meta("unix:///d.sock"),
      [metaOf("one")]: meta("unix:///one.sock"),
    };
    expect(found({ DOCKER_CONFIG: "/etc/d", DOCKER_CONTEXT: "one" }, files).address).toBe("unix:///d.sock");
  });

  it.each([
    ["/run/user/1000/docker.sock", "rootless Docker"],
    ["/home/ann/.docker/desktop/docker.sock", "Docker Desktop"],
    ["/home/ann/.docker/run/docker.sock", "Docker Desktop"],
    ["/home/ann/.colima/default/docker.sock", "Colima"],
    ["/home/ann/.orbstack/run/docker.sock", "OrbStack"],
    ["/home/ann/.rd/docker.sock", "Rancher Desktop"],
  ])("is at the socket that exists: %s", (path, product) => {
    const env = { XDG_RUNTIME_DIR: "/run/user/1000" };
    expect(found(env, { [path]: "" })).toEqual({
      address: `unix://${path}`,
      reason: `the socket of ${product}`,
    });
    expect(found(env, { [path]: "", [SOCKET]: "" }).address).toBe(`unix://${SOCKET}`);
  });

  it("is not Podman, which runs no health checks", () => {
    expect(found({}, { "/run/podman/podman.sock": "" }).address).toBe(`unix://${SOCKET}`);
  });

  it.each<[Record<string, string>, Record<string, string>, string]>([
    [{ DOCKER_HOST: "npipe:////./pipe/docker" }, {}, "DOCKER_HOST is"],
    [{ DOCKER_HOST: "tcp://nowhere" }, {}, "DOCKER_HOST is"],
    [{ DOCKER_CONTEXT: "gone" }, {}, "there is no docker context gone, which DOCKER_CONTEXT names"],
    [{}, { [CONFIG]: JSON.stringify({ currentContext: "gone" }) }, `which ${CONFIG} names`],
    [{}, { [CONFIG]: "{" }, `${CONFIG} is not JSON`],
    [{ DOCKER_CONTEXT: "pipe" }, { [metaOf("pipe")]: meta("npipe://x") }, "the docker context pipe is"],
  ])("is none with %j and %j", (env, files, message) => {
    expect(() => found(env, files)).toThrow(DaemonNotFoundError);
    expect(() => found(env, files)).toThrow(message);
  });
});
