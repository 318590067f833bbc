import { connect } from "docker-connection";
import { afterEach, describe, expect, it } from "vitest";
import { probe } from "../../operations/probe.ts";
import { type FakeDaemon, never, startDaemon } from "../support/docker-daemon.ts";
import { LOGIN } from "../support/fleets.ts";
import { fakeEngine, hostOutput, outputsOf, stackWith } from "../support/outputs.ts";

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.close();
});

async function daemon(
  answer: Parameters<typeof startDaemon>[0],
): Promise<{ kind: "docker"; address: string }> {
  const started = await startDaemon(answer);
  daemons.push(started);
  return { kind: "docker", address: started.address };
}
const responding = () => daemon(({ path }) => (path === "/_ping" ? {} : undefined));
const fleet = (hosts: object) => stackWith({ domain: "agents.example.com", hosts, agents: {} });
const unneeded = (): never => expect.unreachable("only cloud servers need the engine");

describe("probe", () => {
  it("finds that every daemon responds, without an engine", async () => {
    const hosts = { one: await responding(), two: await responding() };
    const probed = await probe(fleet(hosts), { openEngine: unneeded, connect });
    expect(probed).toMatchObject([
      { name: "one", address: hosts.one.address, problem: undefined },
      { name: "two", address: hosts.two.address, problem: undefined },
    ]);
    expect(probed[0]?.services.map(({ service }) => service)).toEqual(["ingress", "egress proxy"]);
  });

  it("leaves the services out if it is asked for the daemons only", async () => {
    const hosts = { one: await responding() };
    const probed = await probe(fleet(hosts), { openEngine: unneeded, connect, daemonsOnly: true });
    expect(probed.flatMap(({ services }) => services)).toEqual([]);
  });

  it("says which do not respond, and why", async () => {
    const hosts = {
      well: await responding(),
      gone: { kind: "docker", address: "unix:///nowhere/docker.sock" },
      broken: await daemon(() => ({ status: 500 })),
    };
    const [broken, gone, well] = await probe(fleet(hosts), { openEngine: unneeded, connect });
    expect(well?.problem).toBeUndefined();
    expect(gone?.problem).toContain("ENOENT");
    expect(broken?.problem).toContain("server error");
  });

  it("asks all at once and gives each up in time", async () => {
    let asked = 0;
    let askedBoth: () => void = () => {};
    const both = new Promise<void>((resolve) => {
      askedBoth = resolve;
    });
    // Asked one after the other, the second would be asked only after the first was given up.
    const silent = () =>
      daemon(() => {
        if (++asked === 2) askedBoth();
        return never();
      });
    const hosts = { one: await silent(), two: await silent() };
    const results = probe(fleet(hosts), { openEngine: unneeded, connect, timeoutMs: 2_000 });
    const first = await Promise.race([
      both.then(() => "both were asked"),
      results.then(() => "one was given up"),
    ]);
    expect(first).toBe("both were asked");
    expect((await results).map(({ problem }) => problem)).toEqual([
      "no answer within 2 s",
      "no answer within 2 s",
    ]);
  });

  it("does not talk to a cloud server whose host key is not verified", async () => {
    const cloud = fleet({ eu: { kind: "hetzner", ...LOGIN, families: ["cx"], locations: ["fsn1"] } });
    const outputs = outputsOf(
      {},
      { "eu-1": hostOutput({ address: "ssh://root@203.0.113.9", hostKey: null }) },
    );
    expect(await probe(cloud, { openEngine: () => Promise.resolve(fakeEngine(outputs)), connect })).toEqual(
      [],
    );
  });
});
