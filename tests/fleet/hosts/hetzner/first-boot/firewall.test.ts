import { describe, expect, it } from "vitest";
import { renderHostFirewall } from "../../../../../fleet/hosts/hetzner/first-boot/firewall.ts";

const rules = renderHostFirewall({ subnets: "10.96.0.0/16", servicePorts: [443, 3128] }).split(/\n\t*/);

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

  it("can be loaded again, and touches no table of Docker's", () => {
    expect(rules.slice(0, 2)).toEqual(["table inet agent_fleet", "delete table inet agent_fleet"]);
    expect(rules.filter((line) => line.startsWith("table"))).toEqual([
      "table inet agent_fleet",
      "table inet agent_fleet {",
    ]);
  });
});
