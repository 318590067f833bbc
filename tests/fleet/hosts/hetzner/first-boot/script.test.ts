import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { renderScript, VERIFICATION_MARK } from "../../../../../fleet/hosts/hetzner/first-boot/script.ts";

const KEYS = ["ssh-ed25519 AAAA", "ssh-ed25519 BBBB"];
const steps = (script: string): string[] =>
  [...script.matchAll(/^step '(.*)'$/gm)].map(([, step]) => step ?? "");

describe("the first-boot script", () => {
  it.each([true, false])("is valid Bash, with a data volume: %s", (hasDataVolume) => {
    const { status, stderr } = spawnSync("bash", ["-n"], {
      input: renderScript({ publicKeys: KEYS, hasDataVolume }),
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("attests the host key before it does anything else, and filters packets before Docker starts", () => {
    expect(steps(renderScript({ publicKeys: KEYS, hasDataVolume: true }))).toEqual([
      "attesting the host key",
      "authorizing the operators",
      "making the swap file",
      "waiting for the data volume",
      "mounting the data volume",
      "installing Docker",
      "filtering packets",
      "starting Docker",
    ]);
  });

  it("waits for a data volume only where there is one", () => {
    expect(steps(renderScript({ publicKeys: KEYS, hasDataVolume: false })).join()).not.toContain("volume");
  });

  it("authorizes each of the operators' keys, and removes the key that only verifies", () => {
    const script = renderScript({ publicKeys: KEYS, hasDataVolume: false });
    for (const key of KEYS) expect(script).toContain(`echo '${key}' >>/root/.ssh/authorized_keys`);
    expect(script).toContain(`sed -i '/ ${VERIFICATION_MARK}$/d' /root/.ssh/authorized_keys`);
  });
});
