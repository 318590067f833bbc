import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { credentialsFor, registryOf } from "../../images/registry-credentials.ts";

const DOCKER_HUB = "https://index.docker.io/v1/";

describe("registryOf", () => {
  it.each([
    ["caddy:2", DOCKER_HUB],
    ["openclaw/openclaw:1", DOCKER_HUB],
    ["ghcr.io/org/image:1", "ghcr.io"],
    ["registry:5000/image", "registry:5000"],
    ["localhost/image", "localhost"],
  ])("of %s is %s", (image, expected) => {
    expect(registryOf(image)).toBe(expected);
  });
});

describe("credentialsFor", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "docker-config-"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const configure = (config: object): void =>
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const find = (image: string) => credentialsFor(image, { DOCKER_CONFIG: folder });
  /** A credential helper that knows one registry. */
  const helper = (user: string): void => {
    const file = join(folder, "docker-credential-test");
    const answer = JSON.stringify({ Username: user, Secret: "s3cret" });
    writeFileSync(file, `#!/bin/sh\n[ "$1 $(cat)" = "get ghcr.io" ] && echo '${answer}'\n`);
    chmodSync(file, 0o755);
    vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  };

  it("are none without a configuration, or for another registry", async () => {
    expect(await find("caddy:2")).toBeUndefined();
    configure({ auths: { "ghcr.io": { auth: "eDp5" } } });
    expect(await find("caddy:2")).toBeUndefined();
  });

  it("come from the configuration", async () => {
    const auth = Buffer.from("me:pass:word").toString("base64");
    configure({ auths: { [DOCKER_HUB]: { auth } } });
    expect(await find("caddy:2")).toEqual({
      username: "me",
      password: "pass:word",
      serveraddress: DOCKER_HUB,
    });
  });

  it.each([
    ["a password", "me", { username: "me", password: "s3cret" }],
    ["a token", "<token>", { identitytoken: "s3cret" }],
  ])("come from a credential helper: %s", async (_, user, expected) => {
    helper(user);
    configure({ credHelpers: { "ghcr.io": "test" } });
    expect(await find("ghcr.io/org/image:1")).toEqual({ ...expected, serveraddress: "ghcr.io" });
  });

  it("are none if the credential helper has none, because the image may be public", async () => {
    helper("me");
    configure({ credsStore: "test" });
    expect(await find("caddy:2")).toBeUndefined();
  });
});
