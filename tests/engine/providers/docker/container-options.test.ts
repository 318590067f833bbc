import { describe, expect, it } from "vitest";
import {
  attachmentsOf,
  nanoseconds,
  optionsOf,
  uploadsOf,
} from "../../../../engine/providers/docker/container-options.ts";

describe("a container's options", () => {
  it("are Docker's, in its units, and without what the program left out", () => {
    const { HostConfig, ...options } = optionsOf({
      name: "n",
      image: "i",
      envs: ["B=2", "A=1"],
      labels: [{ label: "l", value: "v" }],
      capabilities: { drops: ["ALL"] },
      memory: 64,
      memorySwap: -1,
      cpus: "0.5",
      healthcheck: { tests: ["CMD", "true"], interval: "1m30s" },
      volumes: [{ volumeName: "data", containerPath: "/data", readOnly: true }],
      tmpfs: { "/tmp": "size=1m" },
    });
    expect(options).toEqual({
      name: "n",
      Image: "i",
      Env: ["A=1", "B=2"],
      Labels: { l: "v" },
      Volumes: { "/data": {} },
      Healthcheck: { Test: ["CMD", "true"], Interval: 9e10, Timeout: 0, StartPeriod: 0, Retries: 0 },
    });
    expect(HostConfig).toEqual({
      Binds: ["data:/data:ro"],
      CapDrop: ["ALL"],
      Init: false,
      LogConfig: { Type: "", Config: {} },
      Memory: 64 * 1024 * 1024,
      MemoryReservation: 0,
      MemorySwap: -1,
      NanoCpus: 5e8,
      ReadonlyRootfs: false,
      RestartPolicy: { Name: "no" },
      Tmpfs: { "/tmp": "size=1m" },
    });
  });

  it("refuse what is not a duration", () => {
    expect(() => nanoseconds("soon")).toThrow("soon is not a duration such as 30s");
  });
});

describe("a container's networks and uploads", () => {
  it("are attached and written after it was created", () => {
    expect(
      attachmentsOf({ networksAdvanced: [{ name: "n", ipv4Address: "10.0.0.2" }, { name: "m" }] }),
    ).toEqual([
      { network: "n", address: "10.0.0.2" },
      { network: "m", address: undefined },
    ]);
    expect(uploadsOf({ uploads: [{ file: "/f", content: "c" }] })).toEqual([{ file: "/f", content: "c" }]);
  });
});
