/** A public certificate authority on this machine: Let's Encrypt's own test server, built from its Go module. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type PeerCertificate } from "node:tls";
import { run } from "../../../system/run.ts";
import { installPrograms } from "../hosts/go-programs.ts";

const VERSION = "v2.10.1";
const PROGRAMS = ["pebble", "pebble-challtestsrv"] as const;
const START_MS = 20_000;

export interface Authority {
  readonly directory: string;
  /** The files with the server's own certificate and its key. */
  readonly certificate: string;
  readonly privateKey: string;
  /** The file with the certificate that signs all others. */
  readonly root: string;
  /** The DNS that it asks: where it answers, and where its records are set. */
  readonly names: { readonly server: string; readonly management: string };
  /** How many orders it was given. */
  orders(): number;
  stop(): void;
}

/** The server's own certificate is not verified: it is only asked from this machine. */
async function fetchInsecure(url: string): Promise<string> {
  const call = request(url, { rejectUnauthorized: false }).end();
  const [response] = await once(call, "response");
  return text(response);
}

/**
 * @param ports four free ones, in a row
 * @param tlsPort where it looks for a name's owner, at 127.0.0.1
 */
export async function startAuthority(ports: number, tlsPort: number): Promise<Authority> {
  const programs = await installPrograms("pebble", "github.com/letsencrypt/pebble/v2", PROGRAMS, VERSION);
  const [acme, management, dns, control] = [ports, ports + 1, ports + 2, ports + 3];
  const folder = mkdtempSync(join(tmpdir(), "agent-fleet-acme-"));
  const file = (name: string): string => join(folder, name);
  const selfSigned = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await run("openssl", [
    ...[
      ...selfSigned,
      "-days",
      "1",
      "-subj",
      "/CN=localhost",
      "-addext",
      "subjectAltName=IP:127.0.0.1,IP:172.17.0.1",
    ],
    ...["-keyout", file("key.pem"), "-out", file("cert.pem")],
  ]);
  const pebble = {
    listenAddress: `127.0.0.1:${acme}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: file("cert.pem"),
    privateKey: file("key.pem"),
    httpPort: 1,
    tlsPort,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
  };
  writeFileSync(file("pebble.json"), JSON.stringify({ pebble }));
  const log = openSync(file("log"), "w");
  const start = (program: (typeof PROGRAMS)[number], ...args: string[]) =>
    spawn(join(programs, program), args, {
      stdio: ["ignore", log, log],
      env: { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0", PEBBLE_AUTHZREUSE: "0" },
    });
  const off = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "", "-defaultIPv6", ""];
  const children = [
    start(
      "pebble-challtestsrv",
      ...off,
      "-dnsserver",
      `127.0.0.1:${dns}`,
      "-management",
      `127.0.0.1:${control}`,
    ),
    start("pebble", "-config", file("pebble.json"), "-dnsserver", `127.0.0.1:${dns}`),
  ];
  closeSync(log);
  const stop = (): void => {
    for (const child of children) child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const end = Date.now() + START_MS;
  for (;;) {
    const root = await fetchInsecure(`https://127.0.0.1:${management}/roots/0`).catch(() => "");
    if (root.includes("BEGIN CERTIFICATE")) {
      writeFileSync(file("root.pem"), root);
      const directory = `https://127.0.0.1:${acme}/dir`;
      return {
        directory,
        certificate: file("cert.pem"),
        privateKey: file("key.pem"),
        root: file("root.pem"),
        names: { server: `127.0.0.1:${dns}`, management: `http://127.0.0.1:${control}` },
        orders: () => readFileSync(file("log"), "utf8").match(/Added order "/g)?.length ?? 0,
        stop,
      };
    }
    if (Date.now() > end) {
      stop();
      throw new Error("the test authority does not answer");
    }
    await sleep(100);
  }
}

/** The certificate that an ingress serves for a name, verified with the authority. */
export function certificateOf(
  hostname: string,
  port: number,
  { root }: Pick<Authority, "root">,
): Promise<PeerCertificate> {
  const { promise, resolve, reject } = Promise.withResolvers<PeerCertificate>();
  const socket = connect({ host: "127.0.0.1", port, servername: hostname, ca: readFileSync(root) });
  socket.on("secureConnect", () => {
    resolve(socket.getPeerCertificate());
    socket.end();
  });
  socket.on("error", reject);
  return promise;
}

/**
 * The same authority for clients that rely on Let's Encrypt's server beyond the standard: it says where to ask for an order
 * that is being finalized, and Pebble does not.
 *
 * @param where an address of this machine's, and a port
 */
export async function startLocatingAuthority(
  { directory, certificate, privateKey }: Authority,
  where: { readonly address: string; readonly port: number },
): Promise<Pick<Authority, "directory" | "stop">> {
  const { hostname, port: behind, pathname } = new URL(directory);
  const files = { cert: readFileSync(certificate), key: readFileSync(privateKey) };
  const server = createServer(files, (question, answer) => {
    const { method, url: path = "", headers } = question;
    const call = request({ hostname, port: behind, path, method, headers, rejectUnauthorized: false });
    call.on("response", (given) => {
      const order = path.replace("/finalize-order/", "/my-order/");
      const location = order === path ? {} : { location: `https://${headers.host}${order}` };
      answer.writeHead(given.statusCode ?? 500, { ...given.headers, ...location });
      given.pipe(answer);
    });
    question.pipe(call);
  });
  server.listen(where.port, where.address);
  await once(server, "listening");
  return { directory: `https://${where.address}:${where.port}${pathname}`, stop: () => void server.close() };
}
