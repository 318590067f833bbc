import { afterEach, describe, expect, it } from "vitest";
import { setProcessLimit } from "../../components/process-limit.ts";
import { type FakeDaemon, startDaemon } from "../support/docker-daemon.ts";

let daemon: FakeDaemon | undefined;

const limit = async (answer: Parameters<typeof startDaemon>[0]): Promise<void> => {
  daemon = await startDaemon(answer);
  await setProcessLimit({ address: daemon.address, sshOptions: [] }, "abc", 512);
};

afterEach(() => daemon?.close());

describe("the limit on processes", () => {
  it("is set on the container through Docker's API", async () => {
    await limit(() => ({ body: { Warnings: [] } }));
    expect(daemon?.requests.map(({ method, path, body }) => [method, path, JSON.parse(body)])).toEqual([
      ["POST", "/containers/abc/update", { PidsLimit: 512 }],
    ]);
  });

  it("fails with Docker's own message where it is refused", async () => {
    const refused = limit(() => ({ status: 500, body: { message: "cgroup is gone" } }));
    await expect(refused).rejects.toThrow(/refused a limit of 512 processes: .*cgroup is gone/);
  });

  it("fails with the daemon's address where it does not answer", async () => {
    const limited = setProcessLimit({ address: "tcp://127.0.0.1:1", sshOptions: [] }, "abc", 512);
    await expect(limited).rejects.toThrow(/tcp:\/\/127\.0\.0\.1:1.*ECONNREFUSED/s);
  });
});
