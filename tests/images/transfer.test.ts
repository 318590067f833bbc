import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "docker-connection";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { copyImage, importImage, pull } from "../../images/transfer.ts";
import { type FakeDaemon, never, startDaemon } from "../support/docker-daemon.ts";

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const daemon of daemons.splice(0)) await daemon.close();
});

async function daemon(answer: Parameters<typeof startDaemon>[0]) {
  const started = await startDaemon(answer);
  daemons.push(started);
  return { docker: connect({ address: started.address }), requests: started.requests };
}

describe("pull", () => {
  it("asks for the tag `latest` rather than for all tags", async () => {
    const { docker, requests } = await daemon(() => ({ events: [] }));
    await pull(docker, "registry.example:5000/caddy");
    expect(requests[0]?.query.get("fromImage")).toBe("registry.example:5000/caddy:latest");
  });

  it("sends the registry's credentials in a header, and nowhere else", async () => {
    const folder = mkdtempSync(join(tmpdir(), "docker-config-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const auth = Buffer.from("me:s3cret").toString("base64");
    writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: { "ghcr.io": { auth } } }));
    vi.stubEnv("DOCKER_CONFIG", folder);
    const { docker, requests } = await daemon(() => ({ events: [] }));
    await pull(docker, "ghcr.io/org/image:1");
    const [request] = requests;
    const header = Buffer.from(String(request?.headers["x-registry-auth"]), "base64url").toString();
    expect(JSON.parse(header)).toEqual({ username: "me", password: "s3cret", serveraddress: "ghcr.io" });
    expect(`${request?.query}${request?.body}`).not.toContain("s3cret");
  });

  it.each([
    ["before the download", { status: 500, body: { message: "no such host" } }],
    ["during the download", { events: [{ status: "Pulling" }, { error: "unexpected EOF" }] }],
  ])("returns false if the registry fails %s", async (_, answer) => {
    const { docker } = await daemon(() => answer);
    expect(await pull(docker, "caddy:1")).toBe(false);
  });

  it("returns false if the registry does not respond in time", async () => {
    const { docker } = await daemon(never);
    expect(await pull(docker, "caddy:1", 50)).toBe(false);
  });

  it("fails if the daemon itself does not respond", async () => {
    const docker = connect({ address: "unix:///nowhere/docker.sock" });
    await expect(pull(docker, "caddy:1")).rejects.toThrow("ENOENT");
  });
});

describe("copyImage", () => {
  it("loads into one daemon what it exports from the other", async () => {
    const from = await daemon(({ path }) =>
      path === "/images/caddy:1/get" ? { body: "archive" } : undefined,
    );
    const to = await daemon(() => ({ events: [{ stream: "Loaded image: caddy:1" }] }));
    await copyImage("caddy:1", from.docker, to.docker);
    expect(to.requests).toMatchObject([{ method: "POST", path: "/images/load", body: '"archive"' }]);
  });

  it("fails with the daemon's words", async () => {
    const from = await daemon(() => ({ body: "archive" }));
    const to = await daemon(() => ({ events: [{ error: "no space left on device" }] }));
    await expect(copyImage("caddy:1", from.docker, to.docker)).rejects.toThrow("no space left on device");
  });
});

describe("importImage", () => {
  it("sends the file with each of the image's settings", async () => {
    const folder = mkdtempSync(join(tmpdir(), "import-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "root.tar"), "content");
    const { docker, requests } = await daemon(() => ({ events: [{ status: "sha256:0" }] }));
    await importImage(docker, "caddy:1", join(folder, "root.tar"), ["USER node", "LABEL a=b"]);
    const [request] = requests;
    expect(request).toMatchObject({ path: "/images/create", body: "content" });
    expect(request?.query.get("repo")).toBe("caddy:1");
    expect(request?.query.getAll("changes")).toEqual(["USER node", "LABEL a=b"]);
  });
});
