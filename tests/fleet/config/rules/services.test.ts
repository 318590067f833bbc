import * as rules from "../../../../fleet/config/rules/services.ts";
import { checks } from "../../../support/fleets.ts";
import { describeRules } from "../../../support/rules.ts";

describeRules(
  "the rules of host services",
  rules,
  [
    {
      rule: "servicesSuitTheirImage",
      accepts: { ingress: { tls: "wildcard", image: "caddy-with-cloudflare:2.11.4" } },
      refuses: { ingress: { tls: "wildcard" } },
      problem:
        'ingress.image = "caddy:2.11.4" | a wildcard certificate is proved by a DNS record, and this image does not contain the module dns.providers.cloudflare | use a Caddy image that is built with it, or tls: acme',
    },
    {
      rule: "servicePortsDiffer",
      accepts: { ingress: { httpPort: 80 } },
      refuses: { ingress: { httpPort: 443 } },
      problem: "ingress.httpPort = 443 | ingress.port is the same port | use another for one of the two",
    },
    {
      rule: "servicePortsDiffer",
      about: "of two services",
      accepts: { ingress: { port: 8443 }, egressProxy: { port: 8444 } },
      refuses: { ingress: { port: 8443 }, egressProxy: { port: 8443 } },
      problem: "egressProxy.port = 8443 | ingress.port is the same port | use another for one of the two",
    },
  ],
  checks(rules),
);
