import { afterEach, expect, it } from "vitest";
import { container } from "../../../../engine/providers/docker/container.ts";
import { type FakeDaemon, startDaemon } from "../../../support/docker-daemon.ts";

let daemon: FakeDaemon | undefined;
afterEach(() => daemon?.close());

it("says why an image cannot be pulled, also where Docker says so only after its first answer", async () => {
  const error = "no matching manifest for linux/arm64/v8 in the manifest list entries";
  daemon = await startDaemon(({ path }) =>
    path === "/images/create" ? { events: [{ status: "Pulling from x" }, { error }] } : undefined,
  );
  await expect(container.create({ name: "a", image: "x:1" }, { host: daemon.address })).rejects.toThrow(
    `image x:1 is not on the host and could not be pulled (${error})`,
  );
});
