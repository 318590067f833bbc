import { describe, expect, it } from "vitest";
import { egressProxy } from "../../../../fleet/services/egress-proxy/service.ts";
import { egressProxySettings } from "../../../../fleet/services/egress-proxy/settings.ts";
import { renderSquid } from "../../../../fleet/services/egress-proxy/squid.ts";
import { type CaseInput, itRendersCases, servedAgents } from "../../../support/cases.ts";

/** As the service does: which agents the proxy knows is part of the case. */
const render = (input: CaseInput): string =>
  egressProxy.plan(egressProxySettings.parse(input.settings ?? {}), {
    stack: "test",
    host: "one",
    domain: "agents.example.com",
    agents: servedAgents(input),
    services: new Set(["egress-proxy"]),
    sshAddress: undefined,
  }).config;

describe("renderSquid", () => {
  itRendersCases(import.meta.dirname, render);

  const agent = { name: "alice", address: "10.96.0.2", domains: ["api.openai.com"] };
  const lines = renderSquid(3128, [agent]).split("\n");

  it("refuses every private, loopback and link-local destination before it allows any agent", () => {
    const forbidden = lines.find((line) => line.startsWith("acl forbidden dst ")) ?? "";
    for (const range of [
      "10.0.0.0/8",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "fc00::/7",
      "fe80::/10",
      "::/8",
    ])
      expect(forbidden.split(" ")).toContain(range);
    const refusal = lines.indexOf("http_access deny forbidden");
    expect(refusal).toBeGreaterThan(0);
    expect(refusal).toBeLessThan(lines.findIndex((line) => line.startsWith("http_access allow")));
  });

  it("refuses whatever no rule allows, and an unlisted name before it is resolved", () => {
    expect(lines.filter((line) => line.startsWith("http_access")).at(-1)).toBe("http_access deny all");
    expect(lines.indexOf("http_access deny agent_alice !names_alice")).toBeLessThan(
      lines.indexOf("http_access deny forbidden"),
    );
  });

  it("changes nothing of one agent's rules when another is added", () => {
    const more = renderSquid(3128, [agent, { ...agent, name: "bob", address: "10.96.0.10" }]).split("\n");
    expect(more.filter((line) => line.includes("alice"))).toEqual(
      lines.filter((line) => line.includes("alice")),
    );
  });
});
