import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { heldPorts } from "../../stacks/listeners.ts";

describe("the ports of this machine", () => {
  it("are held by processes, by name and number", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const [held, ...others] = heldPorts(new Set([port]));
    server.close();
    expect(others).toEqual([]);
    expect(held).toMatchObject({ address: "127.0.0.1", port });
    expect(held?.holder).toContain(`(process ${process.pid}`);
  });

  it("are free if no process listens", () => {
    // No port that another test may get, as those are that the system chooses.
    expect(heldPorts(new Set([17_078]))).toEqual([]);
  });
});
