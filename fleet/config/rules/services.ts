/** What the ways in must be. */
import { fleetSchema } from "../schema.ts";
import type { Rule } from "./rule.ts";

const STANDARD_IMAGE = fleetSchema.shape.ingress.parse(undefined).image;

/** Caddy's own image has no module for any DNS provider. */
export const wildcardsHaveTheirModule: Rule = ({ ingress: { tls, image, acme } }) =>
  tls !== "wildcard" || image !== STANDARD_IMAGE
    ? []
    : [
        {
          path: "ingress.image",
          value: image,
          message: `a wildcard certificate is proved by a DNS record, and this image has no module dns.providers.${acme.dnsProvider}`,
          remedy: "use an image of Caddy that is built with it, or tls: acme",
        },
      ];

export const doorPortsDiffer: Rule = ({ ingress: { port, httpPort }, egressProxy }) => {
  const named = { "ingress.port": port, "ingress.httpPort": httpPort, "egressProxy.port": egressProxy.port };
  const seen = new Map<number, string>();
  return Object.entries(named).flatMap(([path, value]) => {
    if (value === undefined) return [];
    const other = seen.get(value);
    seen.set(value, path);
    return other === undefined
      ? []
      : [{ path, value, message: `${other} is the same port`, remedy: "use another for one of the two" }];
  });
};
