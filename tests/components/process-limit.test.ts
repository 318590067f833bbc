import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { setProcessLimit } from "../../components/process-limit.ts";

interface Request {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: unknown;
}

async function startDaemon(
  status: number,
  answer: object,
): Promise<{ address: string; requests: Request[] }> {
  const requests: Request[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ method: request.method, path: request.url, body: JSON.parse(body) });
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => {
    server.unref().listen(0, "127.0.0.1", resolve);
  });
  return { address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

describe("the limit on processes", () => {
  it("is set on the container through Docker's API", async () => {
    const { address, requests } = await startDaemon(200, { Warnings: [] });
    await setProcessLimit({ address, sshOptions: [] }, "abc", 512);
    expect(requests).toEqual([
      {
        method: "POST",
        path: expect.stringMatching(/^(?:\/v[\d.]+)?\/containers\/abc\/update$/),
        body: { PidsLimit: 512 },
      },
    ]);
  });

  it("fails with Docker's own message where it is refused", async () => {
    const { address } = await startDaemon(500, { message: "cgroup is gone" });
    await expect(setProcessLimit({ address, sshOptions: [] }, "abc", 512)).rejects.toThrow(
      /512.*cgroup is gone/s,
    );
  });

  it("fails with the daemon's address where it does not answer", async () => {
    const address = "tcp://127.0.0.1:1";
    await expect(setProcessLimit({ address, sshOptions: [] }, "abc", 512)).rejects.toThrow(
      /tcp:\/\/127\.0\.0\.1:1.*ECONNREFUSED/s,
    );
  });
});
