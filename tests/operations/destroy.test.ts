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
        "alice: volume fleet.test.alice on host local. To delete it permanently, remove its entry and run: npm run purge -- alice",
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
    expect(keptData(outputsOf({ alice: agentOutput({ host: "eu-1" }) }, hosts), new Map())).toEqual([
      "volume fleet-data of host eu-1 (alice): stays with the cloud provider, which charges for it",
      "volume spare of host eu-2 (no agents): stays with the cloud provider, which charges for it",
    ]);
  });

  it("names what the hosts have, also of agents that were removed before", () => {
    const outputs = outputsOf({ alice: agentOutput() }, { local: hostOutput() });
    const volume = (agent: string) => ({ agent, host: "local", volume: `fleet.test.${agent}` });
    expect(
      keptData(outputs, new Map([["local", [volume("alice"), volume("bob")]]])).map(
        (line) => line.split(":")[0],
      ),
    ).toEqual(["alice", "bob"]);
  });

  it("counts volumes beyond twenty", () => {
    const outputs = outputsOf({}, { local: hostOutput() });
    const volumes = Array.from({ length: 25 }, (_, index) => ({
      agent: `a${index}`,
      host: "local",
      volume: `fleet.test.a${index}`,
    }));
    const lines = keptData(outputs, new Map([["local", volumes]]));
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("and 5 more volumes");
  });
});
