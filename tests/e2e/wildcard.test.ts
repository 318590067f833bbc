/** One certificate for all of a host's agents: issued for a record in the domain's DNS, and ordered once. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleetSchema } from "../../fleet/config/schema.ts";
import { type Authority, certificateOf, startAuthority } from "../support/clouds/acme.ts";
import { type DnsProvider, startDnsProvider } from "../support/clouds/dns-provider.ts";
import { type Answer, ask } from "../support/gateway/http.ts";
import { ensureTestImages, STAND_IN } from "../support/gateway/stand-in.ts";
import { buildPrograms } from "../support/hosts/go-programs.ts";
import { buildImage } from "../support/hosts/image.ts";
import { identityOf } from "../support/hosts/objects.ts";
import { lane } from "../support/project/project.ts";
import { docker, TestFleet } from "../support/project/test-fleet.ts";

const LANE = 43;
const PORTS = 23_410;
const ZONE = "example.com";
const DOMAIN = `agents.${ZONE}`;
const TOKEN = "dns-token-that-stays-at-the-ingress";
const { image: CADDY } = fleetSchema.shape.ingress.parse({});
const WITH_MODULE = "caddy-with-challtest:2.11.4";
const NEXT_IMAGE = "caddy-with-challtest:2.11.4-next";
const WITHOUT_MODULE = "caddy-without-challtest:2.11.4";
/** Caddy takes minutes to build, once. */
const PREPARE_MS = 1_800_000;
const { ingress } = lane(LANE) as { ingress: { port: number } };
const STARTED = { status: 200, body: JSON.stringify({ ok: true, status: "started" }) };

describe("an ingress with a wildcard certificate", () => {
  let authority: Authority;
  let provider: DnsProvider;
  let fleet: TestFleet;
  /** Everything that it takes except the image. */
  let wildcard: object;

  const serve = (image: string, tls: object): void =>
    fleet.change({ ingress: { ...ingress, image, ...tls } });
  const askAgent = (name: string, root = readFileSync(authority.root, "utf8")): Promise<Answer> =>
    ask(`https://${name}.${DOMAIN}:${ingress.port}/startupz`, { authority: root });
  const certificate = (name: string) => certificateOf(`${name}.${DOMAIN}`, ingress.port, authority);
  const inspect = (container: string): Promise<string> => docker("inspect", container);

  beforeAll(async () => {
    await ensureTestImages();
    authority = await startAuthority(PORTS, ingress.port);
    // What the machine trusts: `up` asks the agents as their users do.
    process.env["NODE_EXTRA_CA_CERTS"] = authority.root;
    provider = await startDnsProvider(PORTS + 4, { zone: ZONE, token: TOKEN, names: authority.names });
    const programs = await buildPrograms(join(import.meta.dirname, "../support/clouds/caddy-dns"));
    const trusting = {
      files: { "/trusted.pem": authority.certificate },
      env: { SSL_CERT_FILE: "/trusted.pem", CHALLTEST_API: provider.api },
    };
    await buildImage(WITHOUT_MODULE, CADDY, trusting);
    await buildImage(WITH_MODULE, WITHOUT_MODULE, {
      files: { "/usr/bin/caddy": join(programs, "caddy-dns") },
    });
    wildcard = {
      tls: "wildcard",
      acme: {
        directory: authority.directory,
        dnsProvider: "challtest",
        dnsResolvers: [`127.0.0.1:${PORTS + 5}`],
      },
    };
    fleet = await TestFleet.open("e2e-wildcard", LANE, { domain: DOMAIN, image: STAND_IN });
    await fleet.seal({ "agent-fleet:acmeDnsToken": TOKEN });
    serve(WITHOUT_MODULE, { tls: "internal" });
    await fleet.up({ alice: {}, bob: {} });
  }, PREPARE_MS);

  afterAll(async () => {
    await fleet?.remove();
    await docker("rmi", "--force", WITH_MODULE, NEXT_IMAGE, WITHOUT_MODULE);
    provider?.stop();
    authority?.stop();
  });

  it("reports what its image lacks for one, and keeps its configuration", async () => {
    const expectRefused = async (): Promise<void> => {
      await expect(fleet.up({ alice: {}, bob: {} })).rejects.toThrow(
        /keeps the old one.*unknown module: dns\.providers\.challtest/s,
      );
      expect(await askAgent("alice", await fleet.run("ca"))).toMatchObject(STARTED);
    };
    serve(WITHOUT_MODULE, wildcard);
    // Its container is replaced once: it is only now that it needs the DNS provider's token.
    await expectRefused();
    const before = await identityOf(fleet.ingress.container);
    await expectRefused();
    expect(await identityOf(fleet.ingress.container)).toEqual(before);
    expect(authority.orders()).toBe(0);
  });

  it("orders one, and serves every agent on its host with it", async () => {
    serve(WITH_MODULE, wildcard);
    await fleet.up({ alice: {}, bob: {} });
    for (const name of ["alice", "bob"]) {
      expect(await askAgent(name)).toMatchObject(STARTED);
      const { subjectaltname, issuer } = await certificate(name);
      expect(subjectaltname).toBe(`DNS:*.${DOMAIN}`);
      expect(issuer.CN).toMatch(/^Pebble Intermediate/);
    }
    expect(authority.orders()).toBe(1);
  });

  it("answers the challenge with a record in the domain's zone, and removes it afterwards", () => {
    const record = { host: `_acme-challenge.${DOMAIN}.`, authorization: `Bearer ${TOKEN}` };
    expect(provider.changes).toEqual([
      { method: "/set-txt", ...record },
      { method: "/clear-txt", ...record },
    ]);
  });

  it("answers with a page, under the same certificate, for a name that does not belong to an agent", async () => {
    const { status, body } = await askAgent("unknown");
    expect(status).toBe(404);
    expect(body).toContain("<h1>No such agent</h1>");
  });

  it("orders no other when an agent is added", async () => {
    const { serialNumber } = await certificate("alice");
    const before = await identityOf(fleet.ingress.container);
    await fleet.up({ alice: {}, bob: {}, carol: {} });
    expect(await askAgent("carol")).toMatchObject(STARTED);
    expect((await certificate("carol")).serialNumber).toBe(serialNumber);
    expect(authority.orders()).toBe(1);
    expect(await identityOf(fleet.ingress.container)).toEqual(before);
  });

  it("keeps it when its container is replaced", async () => {
    const { serialNumber } = await certificate("alice");
    const { id } = await identityOf(fleet.ingress.container);
    await docker("tag", WITH_MODULE, NEXT_IMAGE);
    serve(NEXT_IMAGE, wildcard);
    await fleet.up({ alice: {}, bob: {}, carol: {} });
    expect((await identityOf(fleet.ingress.container)).id).not.toBe(id);
    expect((await certificate("alice")).serialNumber).toBe(serialNumber);
    expect(authority.orders()).toBe(1);
  });

  it("is the only container with the token, which is encrypted where it is stored", async () => {
    expect(await inspect(fleet.ingress.container)).toContain(`"ACME_DNS_TOKEN=${TOKEN}"`);
    const others = (
      await docker("ps", "--all", "--format", "{{.Names}}", "--filter", `name=^fleet.${fleet.stack}.`)
    )
      .split("\n")
      .filter((name) => name !== fleet.ingress.container);
    expect(others.toSorted()).toEqual([
      "fleet.e2e-wildcard.alice",
      "fleet.e2e-wildcard.bob",
      "fleet.e2e-wildcard.carol",
      "fleet.e2e-wildcard.host_egress_proxy",
      "fleet.e2e-wildcard.host_egress_proxy_config",
      "fleet.e2e-wildcard.host_ingress_config",
    ]);
    for (const name of others) expect(await inspect(name)).not.toContain(TOKEN);
    // Neither in the configuration, which is rewritten for every change of an agent, nor in a copy of it.
    const search = `grep -rl '${TOKEN}' /service /config || true`;
    expect(await docker("exec", fleet.ingress.container, "sh", "-c", search)).toBe("");
    const files = readdirSync(fleet.folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && !entry.parentPath.includes("node_modules"),
    );
    const paths = files.map(({ parentPath, name }) => join(parentPath, name));
    const having = (text: string): string[] =>
      paths.filter((path) => readFileSync(path, "utf8").includes(text));
    expect(having(DOMAIN).length).toBeGreaterThan(1);
    expect(having(TOKEN)).toEqual([]);
  });
});
