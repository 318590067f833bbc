/** Public certificates: issued by an ACME authority once a challenge is met, and kept. */
import type { PeerCertificate } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleetSchema } from "../../fleet/config/schema.ts";
import { type Authority, certificateOf, startAuthority } from "../support/clouds/acme.ts";
import { buildImage } from "../support/hosts/image.ts";
import { identityOf } from "../support/hosts/objects.ts";
import { lane } from "../support/project/project.ts";
import { docker, TestFleet } from "../support/project/test-fleet.ts";

const LANE = 42;
const IMAGE = "agent-fleet/trusting-ingress:1";
const NEXT_IMAGE = "agent-fleet/trusting-ingress:2";
const PORTS = 23_400;
/** There are no public certificates for names below `localhost`. */
const DOMAIN = "agents.example.com";
const { ingress } = lane(LANE) as { ingress: { port: number } };

describe("an ingress with public certificates", () => {
  let authority: Authority;
  let fleet: TestFleet;
  let settings: object;
  const agents = { alice: {}, bob: { enabled: false } };
  const certificate = (name: string): Promise<PeerCertificate> =>
    certificateOf(`${name}.${DOMAIN}`, ingress.port, authority);
  const serials = async (): Promise<string[]> => {
    const served = await Promise.all(Object.keys(agents).map(certificate));
    return served.map(({ serialNumber }) => serialNumber);
  };

  beforeAll(async () => {
    authority = await startAuthority(PORTS, ingress.port);
    // What the machine trusts: `up` asks the agents as their users do.
    process.env["NODE_EXTRA_CA_CERTS"] = authority.root;
    // The default ingress, trusting the test server as it trusts public ones.
    await buildImage(IMAGE, fleetSchema.shape.ingress.parse({}).image, {
      files: { "/trusted.pem": authority.certificate },
      env: { SSL_CERT_FILE: "/trusted.pem" },
    });
    settings = {
      ...ingress,
      image: IMAGE,
      tls: "acme",
      acme: { directory: authority.directory, email: "ops@example.com" },
    };
    fleet = await TestFleet.open("e2e-acme", LANE, {
      domain: DOMAIN,
      ingress: settings,
    });
    await fleet.up(agents);
  });

  afterAll(async () => {
    await fleet?.remove();
    await docker("rmi", "--force", IMAGE, NEXT_IMAGE);
    authority?.stop();
  });

  it("has one for each agent's own name", async () => {
    for (const name of Object.keys(agents)) {
      const { subjectaltname, issuer } = await certificate(name);
      expect(subjectaltname).toBe(`DNS:${name}.${DOMAIN}`);
      expect(issuer.CN).toMatch(/^Pebble Intermediate/);
    }
  });

  it("has none for a name that does not belong to an agent", async () => {
    await expect(certificate("unknown")).rejects.toThrow();
  });

  it("keeps them when its container is replaced", async () => {
    const before = await serials();
    const { id } = await identityOf(fleet.ingress.container);
    await docker("tag", IMAGE, NEXT_IMAGE);
    fleet.change({ ingress: { ...settings, image: NEXT_IMAGE } });
    await fleet.up(agents);
    expect((await identityOf(fleet.ingress.container)).id).not.toBe(id);
    expect(await serials()).toEqual(before);
  });
});
