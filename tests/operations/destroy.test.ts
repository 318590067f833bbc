import { describe, expect, it } from "vitest";
import { destroy, keptData } from "../../operations/destroy.ts";
import { LOGIN } from "../support/fleets.ts";
import { agentOutput, fakeEngine, hostOutput, outputsOf, stackWith } from "../support/outputs.ts";

const fleet = (host: object): object => ({
  domain: "agents.example.com",
  hosts: { eu: host },
  agents: { alice: {} },
});
const hetzner = (protection: boolean): object =>
  fleet({ kind: "hetzner", ...LOGIN, families: ["cx"], locations: ["fsn1"], protection });

const OUTPUTS = outputsOf({ alice: agentOutput() }, { local: hostOutput() });

describe("destroy", () => {
  it("refuses a fleet with protected servers, before anything is removed", async () => {
    const engine = fakeEngine(OUTPUTS);
    await expect(destroy(stackWith(hetzner(true)), engine)).rejects.toThrow(
      "Set protection: false in hosts.eu, run `npm run up`, and then destroy.",
    );
    expect(engine.calls).toEqual([]);
  });

  it("removes a fleet whose servers are not protected, and says where the data is", async () => {
    const engine = fakeEngine(OUTPUTS);
    expect(await destroy(stackWith(hetzner(false)), engine)).toEqual({
      succeeded: true,
      kept: [
        "alice: volume fleet.test.alice on host local. To delete it permanently: npm run purge -- alice",
      ],
    });
    expect(engine.calls).toEqual(["outputs", "destroy"]);
  });

  it("says nothing of data where there was no fleet", async () => {
    expect(await destroy(stackWith(fleet({ kind: "docker" })), fakeEngine(undefined))).toEqual({
      succeeded: true,
      kept: [],
    });
  });
});

describe("keptData", () => {
  it("names the data volume of a host once, instead of its agents' volumes", () => {
    const hosts = {
      "eu-1": hostOutput({ dataVolume: "fleet-data" }),
      "eu-2": hostOutput({ dataVolume: "spare", agents: [] }),
    };
    expect(keptData(outputsOf({ alice: agentOutput({ host: "eu-1" }) }, hosts))).toEqual([
      "volume fleet-data of host eu-1 (alice): stays with the cloud provider, which charges for it",
      "volume spare of host eu-2 (no agents): stays with the cloud provider, which charges for it",
    ]);
  });
});
