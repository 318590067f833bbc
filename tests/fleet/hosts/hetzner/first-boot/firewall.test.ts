import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderHostFirewall } from "../../../../../fleet/hosts/hetzner/first-boot/firewall.ts";

const text = renderHostFirewall({
  subnets: "10.96.0.0/16",
  servicePorts: [443, 3128],
  publicPorts: [443],
});
const rules = text.split(/\n\t*/);

/** A chain's lines. */
const chain = (name: string): string[] => {
  const start = rules.indexOf(`chain ${name} {`);
  return rules.slice(start + 1, rules.indexOf("}", start));
};

describe("a server's packet filter", () => {
  it("lets agents reach the host services of their host, and nothing else on it", () => {
    expect(chain("input")).toContain("ip saddr 10.96.0.0/16 jump from_agents");
    expect(chain("from_agents")).toEqual([
      "ct state established,related accept",
      "ct state new add @agents { ip saddr ct count over 1024 } drop",
      "ip daddr != 127.0.0.0/8 tcp dport { 443, 3128 } accept",
      "drop",
    ]);
  });

  it("keeps agents with open egress from the host's neighbours and the metadata service", () => {
    expect(chain("forward")).toContainEqual(
      expect.stringMatching(
        /^ip saddr 10\.96\.0\.0\/16 ip daddr \{ .*169\.254\.0\.0\/16.* \} ct state new drop$/,
      ),
    );
  });

  it("drops what agents send to the host before it is tracked, except connections to services and replies", () => {
    expect(chain("prerouting")).toEqual([
      "type filter hook prerouting priority raw; policy accept;",
      "ip saddr 10.96.0.0/16 fib daddr type != unicast jump to_host",
    ]);
    expect(chain("to_host")).toEqual([
      "meta l4proto != tcp drop",
      "tcp dport != { 443, 3128 } tcp flags & (fin | syn | rst | ack) == syn drop",
    ]);
  });

  it("limits how many connections one client of a public port has, IPv6 by network, and one agent", () => {
    expect(chain("input")).toContain('iifname != "lo" tcp dport { 443 } ct state new jump from_clients');
    expect(chain("from_clients")).toEqual([
      "add @clients { ip saddr ct count over 512 } drop",
      "add @clients6 { ip6 saddr & ffff:ffff:ffff:ffff:: ct count over 512 } drop",
    ]);
    expect(chain("forward")).toContain(
      "ip saddr 10.96.0.0/16 ct state new add @agents { ip saddr ct count over 1024 } drop",
    );
  });

  it("is in the documentation for servers of one's own, as it is loaded", () => {
    const docs = readFileSync(`${import.meta.dirname}/../../../../../docs/hosts.md`, "utf8");
    expect(docs).toContain(`\`\`\`nft\n${text}\`\`\`\n`);
  });

  it("can be loaded again, and touches no table of Docker's", () => {
    expect(rules.slice(0, 2)).toEqual(["table inet agent_fleet", "delete table inet agent_fleet"]);
    expect(rules.filter((line) => line.startsWith("table"))).toEqual([
      "table inet agent_fleet",
      "table inet agent_fleet {",
    ]);
  });
});
