import { describe, expect, it } from "vitest";
import { MEMORY_MB, renderLimits } from "../../../../fleet/services/egress-proxy/limits.ts";

const MB_OF_SQUID = 60;
/** `SQUID_TCP_SO_RCVBUF`, for either direction of a tunnel. */
const KB_OF_TUNNEL = 2 * 64;

/** What the rendered lines let an agent hold. */
function read(agents: number): { connections: number; descriptors: number; memoryMb: number } {
  const values = new Map(
    renderLimits(agents, 25).map((line) => {
      const [name = "", value] = line.split(" ");
      return [name, Number(value)];
    }),
  );
  const value = (name: string): number => values.get(name) ?? Number.POSITIVE_INFINITY;
  const request =
    value("request_header_max_size") +
    value("client_request_buffer_max_size") +
    value("reply_header_max_size") +
    value("read_ahead_gap");
  // One more than it is told.
  const connections = agents * (value("client_ip_max_connections") + 1);
  return {
    connections,
    descriptors: value("max_filedescriptors"),
    memoryMb: MB_OF_SQUID + (connections * Math.max(request, KB_OF_TUNNEL)) / 1024,
  };
}

describe("the egress proxy's limits", () => {
  it.each([1, 2, 14, 15, 50, 100, 1000])("hold what %i agents take below its memory", (agents) => {
    const { connections, descriptors, memoryMb } = read(agents);
    expect(memoryMb).toBeLessThanOrEqual(MEMORY_MB);
    expect(descriptors).toBeGreaterThan(2 * connections);
    expect(connections).toBeGreaterThanOrEqual(agents);
  });

  it.each([
    [0, 256],
    [14, 256],
    [15, 240],
    [100, 35],
  ])("give each of %i agents %i connections", (agents, connections) => {
    expect(renderLimits(agents, 25)).toContain(`client_ip_max_connections ${connections}`);
  });

  it("limit what each agent receives, and not all of them together", () => {
    expect(renderLimits(2, 3)).toContain("delay_parameters 1 none none 3145728/3145728");
  });
});
