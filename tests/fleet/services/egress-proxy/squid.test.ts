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
  const options = { port: 3128, receiveMbPerSecond: 25, clients: 1 };
  const lines = renderSquid(options, [agent]).split("\n");

  it("refuses forbidden destinations and the host's own before it allows any agent", () => {
    const allowed = lines.findIndex((line) => line.startsWith("http_access allow"));
    for (const refusal of ["http_access deny forbidden", "http_access deny own_addresses"]) {
      expect(lines.indexOf(refusal)).toBeGreaterThan(0);
      expect(lines.indexOf(refusal)).toBeLessThan(allowed);
    }
  });

  it("refuses strangers before anything else, so that no name is looked up for them", () => {
    expect(lines.find((line) => line.startsWith("http_access"))).toBe("http_access deny !agents");
    const nobody = renderSquid(options, []).split("\n");
    expect(nobody.find((line) => line.startsWith("http_access"))).toBe("http_access deny all");
    // There is no list of agents to refer to.
    expect(nobody.filter((line) => line.includes("agents"))).toEqual([]);
  });

  it("writes at most thirty values in a line, and all of them", () => {
    const domains = Array.from({ length: 61 }, (_, index) => `n${index}.example.com`);
    const names = renderSquid(options, [{ ...agent, domains }])
      .split("\n")
      .filter((line) => line.startsWith("acl names_alice dstdomain -n "))
      .map((line) => line.split(" ").slice(4));
    expect(names.map(({ length }) => length)).toEqual([30, 30, 1]);
    expect(names.flat()).toEqual(domains);
  });

  it("refuses whatever no rule allows, and an unlisted name before it is resolved", () => {
    expect(lines.filter((line) => line.startsWith("http_access")).at(-1)).toBe("http_access deny all");
    expect(lines.indexOf("http_access deny agent_alice !names_alice")).toBeLessThan(
      lines.indexOf("http_access deny forbidden"),
    );
  });

  it("changes nothing of one agent's rules when another is added", () => {
    const more = renderSquid(options, [agent, { ...agent, name: "bob", address: "10.96.0.10" }]).split("\n");
    expect(more.filter((line) => line.includes("alice"))).toEqual(
      lines.filter((line) => line.includes("alice")),
    );
  });
});
