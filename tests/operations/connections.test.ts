import { describe, expect, it } from "vitest";
import { connectionsOf, onHost } from "../../operations/connections.ts";
import { readFleet } from "../../operations/fleet-config.ts";
import { OperatorError } from "../../system/operator-error.ts";
import { LOGIN } from "../support/fleets.ts";
import { hostOutput, stackWith } from "../support/outputs.ts";

const FLEET = readFleet(
  stackWith({
    domain: "agents.example.com",
    hosts: {
      own: { kind: "docker", address: "tcp://10.0.0.5:2375" },
      eu: { kind: "hetzner", ...LOGIN, families: ["cx"], locations: ["fsn1"] },
    },
    agents: {},
  }),
);
const address = "ssh://root@203.0.113.9";

describe("connectionsOf", () => {
  it("has own hosts before anything is deployed", () => {
    expect([...connectionsOf(FLEET, undefined).keys()]).toEqual(["own"]);
  });

  it("has a cloud server with its verified host key pinned", () => {
    const deployed = {
      hosts: { "eu-1": hostOutput({ address, hostKey: "ssh-ed25519 AAAAkey" }) },
      agents: {},
    };
    const connection = connectionsOf(FLEET, deployed).get("eu-1");
    expect(connection).toMatchObject({ address, hostKey: "ssh-ed25519 AAAAkey" });
    expect(connection?.sshOptions).toContain("StrictHostKeyChecking=yes");
    expect(connection?.sshOptions).toContain("KnownHostsCommand=/bin/echo %H ssh-ed25519 AAAAkey");
  });

  it("leaves out a cloud server whose host key is not verified", () => {
    const deployed = { hosts: { "eu-1": hostOutput({ address, hostKey: null }) }, agents: {} };
    expect([...connectionsOf(FLEET, deployed).keys()]).toEqual(["own"]);
  });

  it("leaves out a server of a group that is no longer configured", () => {
    const deployed = {
      hosts: { "us-1": hostOutput({ address, hostKey: "ssh-ed25519 AAAAkey" }) },
      agents: {},
    };
    expect([...connectionsOf(FLEET, deployed).keys()]).toEqual(["own"]);
  });
});

describe("onHost", () => {
  const connection = { address: "tcp://10.0.0.5:2375", sshOptions: [] };

  it("names the host where Docker refuses a call", async () => {
    const refused = Object.assign(new Error("(HTTP code 409) conflict"), { statusCode: 409 });
    const call = onHost("own", connection, () => Promise.reject(refused));
    await expect(call).rejects.toThrow("Docker on host own (tcp://10.0.0.5:2375): (HTTP code 409) conflict");
    await expect(call).rejects.toBeInstanceOf(OperatorError);
  });

  it("leaves a defect of this program as it is", async () => {
    const call = onHost("own", connection, () => Promise.reject(new TypeError("x is not a function")));
    await expect(call).rejects.toBeInstanceOf(TypeError);
  });
});
