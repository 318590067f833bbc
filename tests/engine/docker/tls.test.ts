/** A Docker daemon that asks for TLS: it takes the certificates that Docker's own tools take, and no client without them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, ping } from "docker-connection";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onPath } from "../../../system/on-path.ts";

const canMakeCertificates = onPath("openssl");
if (!canMakeCertificates) console.warn("SKIPPED: Docker with TLS, because there is no `openssl` on PATH");

/** An authority, and what it has signed for a client; the same key serves both ends. */
function makeCertificates(folder: string): void {
  const openssl = (...args: readonly string[]): void =>
    void execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca-key.pem", "-out", "ca.pem", "-subj", "/CN=test");
  openssl(
    "req",
    ...key,
    "-keyout",
    "key.pem",
    "-out",
    "request.pem",
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=IP:127.0.0.1",
  );
  openssl(
    "x509",
    "-req",
    "-in",
    "request.pem",
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca-key.pem",
    "-CAcreateserial",
    "-copy_extensions",
    "copy",
    "-out",
    "cert.pem",
  );
}

describe.skipIf(!canMakeCertificates)("a daemon with TLS", () => {
  const folders: string[] = [];
  let certificates: string;
  let server: Server;
  let address: string;

  const folderWithCertificates = (): string => {
    const folder = mkdtempSync(join(tmpdir(), "docker-tls-"));
    folders.push(folder);
    makeCertificates(folder);
    return folder;
  };

  beforeAll(async () => {
    certificates = folderWithCertificates();
    const file = (name: string): Buffer => readFileSync(join(certificates, name));
    const tls = { ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem"), requestCert: true };
    server = createServer(tls, (_, response) => response.end("OK"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server?.closeAllConnections();
    server?.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it("answers a client with its authority's certificate", async () => {
    await ping(connect({ address, certificates }), 10_000);
  });

  it("is not asked in plain text by such a client, and answers no other", async () => {
    await expect(ping(connect({ address }), 10_000)).rejects.toThrow();
    const others = folderWithCertificates();
    await expect(ping(connect({ address, certificates: others }), 10_000)).rejects.toThrow(
      /certificate|unable to verify|self-signed/,
    );
  });
});
