import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { readConfig } from "../../stacks/config.ts";

const configure = (values: Record<string, string>, secrets: readonly string[] = []): void =>
  pulumi.runtime.setAllConfig(values, [...secrets]);

afterEach(() => {
  configure({});
});

describe("the stack's configuration", () => {
  it("is the fleet and the secrets as they were written", () => {
    configure({
      "agent-fleet:fleet": '{"domain":"example.com"}',
      "agent-fleet:secrets": '{"alice":{"A":"1"}}',
    });
    expect(readConfig()).toMatchObject({ fleet: { domain: "example.com" }, secrets: { alice: { A: "1" } } });
  });

  it("may be empty", () => {
    expect(readConfig()).toMatchObject({
      fleet: undefined,
      secrets: {},
      access: {
        hetzner: { token: undefined, endpoint: undefined },
        cloudflare: { token: undefined, endpoint: undefined },
      },
    });
    expect([...readConfig().access.credentials]).toEqual([]);
  });

  it("has all keys of the program's namespace, also those that it does not know", () => {
    configure({ "agent-fleet:flet": "{}", "agent-fleet:secrets": "{}", "hcloud:token": "a" });
    expect(readConfig().keys).toEqual(["flet", "secrets"]);
  });

  it("is passed on where it is no JSON: an error of Pulumi's would repeat it", () => {
    configure({ "agent-fleet:fleet": "[", "agent-fleet:secrets": "s3cret" });
    expect(readConfig()).toMatchObject({ fleet: "[", secrets: "s3cret" });
  });

  it("has every token as a secret, whether or not it was set as one", async () => {
    configure({
      "hcloud:token": "a",
      "cloudflare:apiToken": "b",
      "agent-fleet:acmeDnsToken": "c",
      "agent-fleet:tailscaleAuthKey": "d",
    });
    const { hetzner, cloudflare, credentials } = readConfig().access;
    const tokens = [hetzner.token, cloudflare.token, ...credentials.values()];
    expect([...credentials.keys()]).toEqual(["acmeDnsToken", "tailscaleAuthKey"]);
    expect(await Promise.all(tokens.map((token) => token !== undefined && pulumi.isSecret(token)))).toEqual(
      Array(4).fill(true),
    );
  });

  it("has other addresses of the clouds' APIs under the names that their providers use", () => {
    configure({ "hcloud:endpoint": "http://127.0.0.1:1", "cloudflare:baseUrl": "http://127.0.0.1:2" });
    expect(readConfig().access).toMatchObject({
      hetzner: { endpoint: "http://127.0.0.1:1" },
      cloudflare: { endpoint: "http://127.0.0.1:2" },
    });
  });
});
