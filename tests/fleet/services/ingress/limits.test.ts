import { describe, expect, it } from "vitest";
import {
  CONNECTION_BYTES,
  HEAP_MB,
  MEMORY_MB,
  OPEN_FILES,
  SERVER_LIMITS,
} from "../../../../fleet/services/ingress/limits.ts";
import { ingress } from "../../../../fleet/services/ingress/service.ts";
import { ingressSettings } from "../../../../fleet/services/ingress/settings.ts";

const MIB = 1024 ** 2;

const { container, config } = ingress.plan(ingressSettings.parse({}), {
  stack: "prod",
  host: "local",
  domain: "agents.example.com",
  agents: [
    {
      name: "alice",
      enabled: true,
      access: "public",
      hostname: "alice.agents.example.com",
      address: "10.96.0.2",
      loopbackPort: 20_000,
      egress: "open",
    },
  ],
  services: new Set(),
  sshAddress: undefined,
});

describe("what clients may cost the ingress", () => {
  it("fits its memory, with every connection that it accepts at its most expensive", () => {
    expect(CONNECTION_BYTES).toBeGreaterThan(2 * SERVER_LIMITS.max_header_bytes);
    expect(OPEN_FILES * CONNECTION_BYTES).toBeLessThanOrEqual((HEAP_MB - 64) * MIB);
    expect(container.memoryMb).toBe(MEMORY_MB);
    expect(HEAP_MB).toBeLessThanOrEqual(MEMORY_MB * 0.9);
    expect(container.environment).toContain("GOMEMLIMIT=448MiB");
    expect(container.run).toMatch(/^ulimit -n 4096 && exec caddy run /);
  });

  it("is limited at every listener, and no request or answer by its duration", () => {
    const { servers } = JSON.parse(config).apps.http as { servers: Record<string, object> };
    expect(Object.keys(servers)).toEqual(["https", "loopback-20000"]);
    for (const server of Object.values(servers)) {
      expect(server).toMatchObject({
        max_header_bytes: 16_384,
        read_header_timeout: "15s",
        idle_timeout: "2m",
        protocols: ["h1", "h2"],
        routes: expect.arrayContaining([{ handle: [{ handler: "request_body", max_size: 67_108_864 }] }]),
      });
      expect(server).not.toHaveProperty("read_timeout");
      expect(server).not.toHaveProperty("write_timeout");
    }
  });
});
