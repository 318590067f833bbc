import { z } from "zod";
import { image, port } from "../../config/primitives.ts";

/** A DNS server: `1.1.1.1`, or `127.0.0.1:5353`. */
const resolver = z.string().refine(
  (text) => {
    const [address, number = "53", ...rest] = text.split(":");
    return z.ipv4().safeParse(address).success && /^\d{1,5}$/.test(number) && rest.length === 0;
  },
  { error: "use an IPv4 address such as `1.1.1.1`, and its port where that is not 53" },
);

const acme = z.strictObject({
  directory: z
    .string()
    .regex(/^https:\/\/\S+$/, { error: "use the HTTPS address of an ACME directory" })
    .default("https://acme-v02.api.letsencrypt.org/directory")
    .describe("The certificate authority's directory."),
  email: z
    .email({ error: "use an e-mail address" })
    .optional()
    .describe("Where the authority writes to about the account."),
  dnsProvider: z
    .string()
    .min(1)
    .default("cloudflare")
    .describe("With `wildcard`: the name of Caddy's module for the domain's DNS provider."),
  dnsResolvers: z
    .array(resolver)
    .default([])
    .describe(
      "With `wildcard`: DNS servers that a host asks whether the record is there, such as `[1.1.1.1]`. For hosts whose own DNS knows another zone of that name, or that may not ask the zone's servers. Default: the host's own DNS, and then the zone's servers.",
    ),
});

/** The image without any additional module. */
export const STANDARD_IMAGE = "caddy:2.11.4";

export const ingressSettings = z
  .strictObject({
    image: image
      .default(STANDARD_IMAGE)
      .describe("Caddy 2.7 or later: older versions close every WebSocket when an agent is added."),
    listen: z
      .array(z.union([z.ipv4(), z.ipv6()], { error: "use an IP address such as `0.0.0.0`" }))
      .min(1)
      .default(["0.0.0.0"])
      .describe("Addresses that the HTTPS port is opened on."),
    port: port.default(443).describe("The HTTPS port."),
    httpPort: port
      .optional()
      .describe("A port whose plain HTTP is redirected to HTTPS. Default: no plain HTTP."),
    tls: z
      .enum(["internal", "acme", "wildcard"])
      .default("internal")
      .describe(
        "`internal`: certificates from Caddy's own authority, for one machine. `acme`: a public certificate for each agent; every agent's name must resolve to its host, and port 443 there must be the ingress's. `wildcard`: one public certificate for each host, proved by a DNS record; it needs an `image` with Caddy's module for that. See [hosts](hosts.md#certificates).",
      ),
    acme: acme.prefault({}).describe("The authority of public certificates."),
    loopbackClient: z
      .ipv4()
      .optional()
      .describe(
        "The client address that the gateway is given for clients on the host itself: OpenClaw refuses to attribute a request to a loopback address. Only for a fleet that is used from its own machine.",
      ),
  })
  .prefault({})
  .describe("The reverse proxy in front of the agents: one Caddy per host.");

export type IngressSettings = z.infer<typeof ingressSettings>;
