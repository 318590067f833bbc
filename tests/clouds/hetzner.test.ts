import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, type Reply, settle } from "../support/clouds/client.ts";
import { type Hetzner, type HetznerOptions, startHetzner } from "../support/clouds/hetzner.ts";

const PUBLIC_KEY = `ssh-ed25519 ${Buffer.alloc(51, 7).toString("base64")} operator`;

let cloud: Hetzner;

afterEach(async () => {
  vi.useRealTimers();
  await cloud.close();
});

/** What a test holds a callback up with. */
function gate(): { readonly shut: Promise<void>; open(): void } {
  let open = (): void => {};
  const shut = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { shut, open };
}

const start = async (options: HetznerOptions = {}): Promise<void> => {
  cloud = await startHetzner({ actionMs: 10, ...options });
};
const get = (path: string): Promise<Reply> => call(cloud, "GET", path);
const post = (path: string, body: unknown = {}): Promise<Reply> => call(cloud, "POST", path, body);
const remove = (path: string): Promise<Reply> => call(cloud, "DELETE", path);

/** Made, and its actions at their end. */
async function make(kind: string, body: object): Promise<number> {
  const reply = await post(`/${kind}`, body);
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  if (reply.body.action) await settle(cloud, reply);
  const [made] = Object.values(reply.body as Record<string, { id: number }>);
  return made?.id ?? 0;
}

const act = async (path: string, body: object = {}): Promise<Reply> => {
  const reply = await post(path, body);
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return settle(cloud, reply);
};

const aServer = (more: object = {}) =>
  make("servers", { name: "one", server_type: "cx23", image: "debian-13", location: "fsn1", ...more });
const aVolume = (more: object = {}) =>
  make("volumes", { name: "data", size: 20, location: "fsn1", format: "ext4", ...more });
const anAddress = (more: object = {}) =>
  make("primary_ips", { name: "ip", type: "ipv4", location: "fsn1", ...more });

const refusal = ({ status, body }: Reply) => [status, body.error.code];

describe("Hetzner's API, authentication and limits", () => {
  it("accepts a token of 64 characters", async () => {
    await start();
    expect(refusal(await call({ ...cloud, token: "short" }, "GET", "/servers"))).toEqual([
      401,
      "unauthorized",
    ]);
    expect((await get("/servers")).status).toBe(200);
  });

  it("counts down to a 429, and accepts calls again as time passes", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    await start({ rateLimit: { requests: 2, windowMs: 10_000 } });
    expect((await get("/servers")).headers.get("ratelimit-remaining")).toBe("1");
    await get("/servers");
    const refused = await get("/servers");
    expect(refusal(refused)).toEqual([429, "rate_limit_exceeded"]);
    expect(refused.headers.get("ratelimit-limit")).toBe("2");
    vi.setSystemTime(Date.now() + 5_000);
    expect((await get("/servers")).status).toBe(200);
    expect(refusal(await get("/servers"))).toEqual([429, "rate_limit_exceeded"]);
    expect(cloud.requests.map(({ status }) => status)).toEqual([200, 200, 429, 200, 429]);
  });

  it("logs requests with their bodies", async () => {
    await start();
    await post("/placement_groups?x=1", { name: "g", type: "spread" });
    expect(cloud.requests[0]).toMatchObject({ method: "POST", path: "/placement_groups", status: 201 });
    expect(cloud.requests[0]?.query.get("x")).toBe("1");
    expect(JSON.parse(cloud.requests[0]?.body ?? "")).toEqual({ name: "g", type: "spread" });
  });
});

describe("Hetzner's API, actions", () => {
  it("take time, and have their effect at the end", async () => {
    const { shut, open } = gate();
    await start({ onServerCreated: () => shut });
    const reply = await post("/servers", { name: "one", server_type: "cx23", image: "debian-13" });
    expect(reply.body.action).toMatchObject({ status: "running", command: "create_server" });
    expect(reply.body.server.status).toBe("initializing");
    const id = reply.body.server.id;
    const { body } = await get(`/servers/${id}/actions/${reply.body.action.id}`);
    expect(body.action.status).toBe("running");
    open();
    const ended = await settle(cloud, reply);
    expect(ended.body.actions).toMatchObject([
      { status: "success", progress: 100, command: "create_server" },
      { status: "success", progress: 100, command: "start_server" },
    ]);
    expect(cloud.servers[0]?.status).toBe("running");
  });

  it("take as long as the test demands", async () => {
    const actionMs = vi.fn(() => 0);
    await start({ actionMs });
    await aServer();
    expect(actionMs.mock.calls).toEqual([["create_server"], ["start_server"]]);
  });

  it("lock their server and their volume", async () => {
    const { shut, open } = gate();
    await start({ onVolumeAttached: () => shut });
    const [server, volume] = [await aServer(), await aVolume()];
    const first = await post(`/volumes/${volume}/actions/attach`, { server });
    expect(refusal(await post(`/servers/${server}/actions/poweroff`))).toEqual([423, "locked"]);
    expect(refusal(await post(`/volumes/${volume}/actions/resize`, { size: 30 }))).toEqual([423, "locked"]);
    open();
    await settle(cloud, first);
    expect((await post(`/servers/${server}/actions/poweroff`)).status).toBe(201);
  });

  it("fail when a test demands it, without effect, together with those that follow", async () => {
    await start();
    cloud.failAction("create_server", { code: "action_failed", message: "the host died" });
    const reply = await post("/servers", { name: "one", server_type: "cx23", image: "debian-13" });
    const { body } = await settle(cloud, reply);
    expect(body.actions[0].error).toEqual({ code: "action_failed", message: "the host died" });
    expect(body.actions[1].status).toBe("error");
    expect(cloud.servers[0]?.status).toBe("initializing");
  });

  it("end with the callbacks behind them, and fail with them", async () => {
    const seen: string[] = [];
    let broken = false;
    await start({
      onServerCreated: async (server, userData, keys) => {
        await sleep(1);
        seen.push(`created ${server.name} ${server.public_net.ipv4?.ip} ${userData} ${keys.length}`);
      },
      onServerPower: ({ name }, on) => {
        seen.push(`${name} ${on ? "on" : "off"}`);
        if (broken) throw new Error("no power");
      },
    });
    await make("ssh_keys", { name: "key", public_key: PUBLIC_KEY });
    const server = await aServer({ user_data: "#!/bin/sh", ssh_keys: ["key"] });
    await act(`/servers/${server}/actions/poweroff`);
    // It is off: nothing happens.
    await act(`/servers/${server}/actions/poweroff`);
    expect(seen).toEqual(["created one 203.0.113.1 #!/bin/sh 1", "one off"]);
    expect(cloud.userDataOf(server)).toBe("#!/bin/sh");
    broken = true;
    const { body } = await act(`/servers/${server}/actions/poweron`);
    expect(body.actions[0]).toMatchObject({ status: "error", error: { message: "no power" } });
  });
});

describe("Hetzner's API, protection", () => {
  it("refuses to delete what is protected", async () => {
    await start();
    const ids = { servers: await aServer(), volumes: await aVolume(), primary_ips: await anAddress() };
    for (const [kind, id] of Object.entries(ids)) {
      const both = kind === "servers" ? { rebuild: true } : {};
      await act(`/${kind}/${id}/actions/change_protection`, { delete: true, ...both });
      expect(refusal(await remove(`/${kind}/${id}`))).toEqual([403, "protected"]);
      const neither = kind === "servers" ? { rebuild: false } : {};
      await act(`/${kind}/${id}/actions/change_protection`, { delete: false, ...neither });
      expect((await remove(`/${kind}/${id}`)).status).toBe(kind === "servers" ? 200 : 204);
    }
  });

  it("keeps a server's two protections equal", async () => {
    await start();
    const path = `/servers/${await aServer()}/actions/change_protection`;
    expect(refusal(await post(path, { delete: true, rebuild: false }))).toEqual([422, "invalid_input"]);
  });
});

describe("Hetzner's API, a server's life", () => {
  it("gives a server the addresses that it asks for, and creates others for it", async () => {
    await start({ addresses: ["10.201.1.2", "10.201.2.2"] });
    const ipv4 = await anAddress();
    await aServer({ public_net: { enable_ipv4: true, enable_ipv6: false, ipv4 } });
    await aServer({ name: "two" });
    expect(cloud.servers.map(({ public_net }) => public_net.ipv4?.ip)).toEqual(["10.201.1.2", "10.201.2.2"]);
    expect(cloud.servers[0]?.public_net.ipv6).toBeNull();
    const third = { name: "three", server_type: "cx23", image: "debian-13" };
    expect(refusal(await post("/servers", third))).toEqual([412, "resource_unavailable"]);
    expect(refusal(await post("/servers", { ...third, public_net: { ipv4, enable_ipv6: false } }))).toEqual([
      422,
      "primary_ip_assigned",
    ]);
  });

  it("releases addresses and volumes when a server is deleted, and deletes those that were created for it", async () => {
    const seen: string[] = [];
    await start({
      onServerDeleted: ({ name }) => seen.push(`deleted ${name}`),
      onVolumeDetached: (volume, { name }) => seen.push(`detached ${volume.name} from ${name}`),
    });
    const [ipv4, volume] = [await anAddress(), await aVolume()];
    const server = await aServer({ public_net: { ipv4 } });
    await act(`/volumes/${volume}/actions/attach`, { server });
    expect(cloud.primaryIps.map(({ assignee_id }) => assignee_id)).toEqual([server, server]);
    expect(refusal(await remove(`/primary_ips/${ipv4}`))).toEqual([422, "must_be_unassigned"]);
    expect(refusal(await remove(`/volumes/${volume}`))).toEqual([422, "service_error"]);

    await settle(cloud, await remove(`/servers/${server}`));
    expect(cloud.servers).toEqual([]);
    expect(cloud.primaryIps).toMatchObject([{ id: ipv4, assignee_id: null }]);
    expect(cloud.volumes).toMatchObject([{ id: volume, server: null }]);
    expect(seen).toEqual(["deleted one", "detached data from one"]);
    expect(refusal(await get(`/servers/${server}`))).toEqual([404, "not_found"]);
  });

  it("can be slow to release an address", async () => {
    await start({ releaseMs: 1_000 });
    const ipv4 = await anAddress();
    const server = await aServer({ public_net: { ipv4, enable_ipv6: false } });
    await settle(cloud, await remove(`/servers/${server}`));
    const again = { name: "two", server_type: "cx23", image: "debian-13", public_net: { ipv4 } };
    expect(refusal(await post("/servers", again))).toEqual([422, "primary_ip_assigned"]);
    await vi.waitFor(async () => expect((await post("/servers", again)).status).toBe(201), 10_000);
  });

  it("changes a server's type while it is off, with or without its disk", async () => {
    await start();
    const server = await aServer();
    const change = { server_type: "cx33", upgrade_disk: false };
    expect(refusal(await post(`/servers/${server}/actions/change_type`, change))).toEqual([
      422,
      "server_not_stopped",
    ]);
    await act(`/servers/${server}/actions/poweroff`);
    await act(`/servers/${server}/actions/change_type`, change);
    expect(cloud.servers[0]).toMatchObject({ status: "running", primary_disk_size: 40 });
    expect(cloud.servers[0]?.server_type.name).toBe("cx33");
    await act(`/servers/${server}/actions/poweroff`);
    const path = `/servers/${server}/actions/change_type`;
    const arm = { server_type: "cax21", upgrade_disk: false };
    expect(refusal(await post(path, arm))).toEqual([422, "invalid_server_type"]);
    await act(path, { server_type: "cx43", upgrade_disk: true });
    expect(cloud.servers[0]?.primary_disk_size).toBe(160);
    await act(`/servers/${server}/actions/poweroff`);
    expect(refusal(await post(path, change))).toEqual([422, "invalid_server_type"]);
  });

  it("powers a server off some time after the shutdown request", async () => {
    await start({ shutdownMs: 1_000 });
    const server = await aServer();
    await act(`/servers/${server}/actions/shutdown`);
    expect(cloud.servers[0]?.status).toBe("stopping");
    await vi.waitFor(() => expect(cloud.servers[0]?.status).toBe("off"), 10_000);
  });

  it.each([
    ["a name that is taken", {}, 409, "uniqueness_error"],
    ["a name that is no host's", { name: "no host" }, 422, "invalid_input"],
    ["a type that is not sold", { name: "n", server_type: "cx1" }, 422, "invalid_input"],
    ["a key that is not there", { name: "n", ssh_keys: [7] }, 404, "not_found"],
    ["user data beyond 32 KiB", { name: "n", user_data: "x".repeat(32 * 1024 + 1) }, 422, "invalid_input"],
    ["a type that is sold out there", { name: "n", server_type: "cx33" }, 412, "resource_unavailable"],
    ["more servers than the account may have", { name: "n" }, 403, "resource_limit_exceeded"],
  ])("is not made with %s", async (what, more, status, code) => {
    await start(what.startsWith("more") ? { limits: { servers: 1 } } : {});
    cloud.soldOut.add("cx33@fsn1");
    await aServer();
    const wanted = { name: "one", server_type: "cx23", image: "debian-13", location: "fsn1", ...more };
    expect(refusal(await post("/servers", wanted))).toEqual([status, code]);
    expect(cloud.servers).toHaveLength(1);
    expect(cloud.primaryIps).toHaveLength(2);
  });
});

describe("Hetzner's API, volumes and addresses", () => {
  it("attaches a volume to one server in its own location", async () => {
    await start();
    const [volume, far] = [await aVolume(), await aVolume({ name: "far", location: "hel1" })];
    const [one, two] = [await aServer(), await aServer({ name: "two" })];
    await act(`/volumes/${volume}/actions/attach`, { server: one });
    expect(cloud.servers[0]?.volumes).toEqual([volume]);
    const attach = (id: number) => post(`/volumes/${id}/actions/attach`, { server: two });
    expect(refusal(await attach(volume))).toEqual([422, "volume_already_attached"]);
    expect(refusal(await attach(far))).toEqual([422, "invalid_input"]);
    await act(`/volumes/${volume}/actions/detach`);
    await act(`/volumes/${volume}/actions/attach`, { server: two });
    expect(cloud.volumes[0]?.linux_device).toBe(`/dev/disk/by-id/scsi-0HC_Volume_${volume}`);
  });

  it("lets a volume grow but not shrink", async () => {
    await start();
    const volume = await aVolume();
    expect(refusal(await post(`/volumes/${volume}/actions/resize`, { size: 10 }))).toEqual([
      422,
      "invalid_input",
    ]);
    await act(`/volumes/${volume}/actions/resize`, { size: 30 });
    expect(cloud.volumes[0]?.size).toBe(30);
  });

  it("moves an address between servers that are off", async () => {
    await start();
    const ip = await anAddress();
    const none = { public_net: { enable_ipv4: false, enable_ipv6: true } };
    const [one, two] = [await aServer(none), await aServer({ name: "two", ...none })];
    const assign = { assignee_id: one, assignee_type: "server" };
    const path = `/primary_ips/${ip}/actions`;
    expect(refusal(await post(`${path}/assign`, assign))).toEqual([422, "server_not_stopped"]);
    await act(`/servers/${one}/actions/poweroff`);
    await act(`${path}/assign`, assign);
    expect(refusal(await post(`${path}/assign`, { ...assign, assignee_id: two }))).toEqual([
      422,
      "primary_ip_already_assigned",
    ]);
    await act(`${path}/unassign`);
    expect(cloud.primaryIps.find(({ id }) => id === ip)?.assignee_id).toBeNull();
  });
});

describe("Hetzner's API, networks, firewalls and groups", () => {
  it("gives a server an address in a subnet, which then cannot be deleted", async () => {
    await start();
    const network = await make("networks", { name: "net", ip_range: "10.0.0.0/16" });
    const server = await aServer();
    const attach = `/servers/${server}/actions/attach_to_network`;
    expect(refusal(await post(attach, { network }))).toEqual([422, "no_subnet_available"]);
    const subnet = { type: "cloud", ip_range: "10.0.1.0/24", network_zone: "eu-central" };
    await act(`/networks/${network}/actions/add_subnet`, subnet);
    await act(attach, { network });
    expect(cloud.servers[0]?.private_net).toMatchObject([{ network, ip: "10.0.1.2", alias_ips: [] }]);
    expect(refusal(await post(attach, { network }))).toEqual([422, "server_already_attached"]);
    const path = `/networks/${network}/actions/delete_subnet`;
    expect((await post(path, { ip_range: "10.0.1.0/24" })).body.error.message).toContain(
      "servers are attached",
    );
    await act(`/servers/${server}/actions/detach_from_network`, { network });
    await act(path, { ip_range: "10.0.1.0/24" });
    expect(cloud.networks[0]?.subnets).toEqual([]);
  });

  it("refuses to delete a firewall and a placement group that a server uses", async () => {
    await start();
    const rule = { direction: "in", protocol: "tcp", port: "22", source_ips: ["198.51.100.0/24"] };
    const firewall = await make("firewalls", { name: "wall", rules: [rule] });
    const group = await make("placement_groups", { name: "apart", type: "spread" });
    const server = await aServer({ firewalls: [{ firewall }], placement_group: group });
    expect(refusal(await remove(`/firewalls/${firewall}`))).toEqual([422, "resource_in_use"]);
    expect(refusal(await remove(`/placement_groups/${group}`))).toEqual([422, "resource_in_use"]);
    expect(cloud.firewalls[0]?.applied_to).toEqual([{ type: "server", server: { id: server } }]);
    await act(`/firewalls/${firewall}/actions/set_rules`, { rules: [{ ...rule, port: "443" }] });
    expect(cloud.firewalls[0]?.rules[0]?.port).toBe("443");
    await settle(cloud, await remove(`/servers/${server}`));
    expect((await remove(`/firewalls/${firewall}`)).status).toBe(204);
    expect((await remove(`/placement_groups/${group}`)).status).toBe(204);
  });

  it("refuses incomplete rules", async () => {
    await start();
    const rules = [{ direction: "in", protocol: "tcp", source_ips: ["0.0.0.0/0"] }];
    expect(refusal(await post("/firewalls", { name: "wall", rules }))).toEqual([422, "invalid_input"]);
  });

  it("accepts ten servers in a spread group", async () => {
    await start({ actionMs: 0 });
    const placement_group = await make("placement_groups", { name: "apart", type: "spread" });
    for (let index = 0; index < 10; index += 1) await aServer({ name: `s${index}`, placement_group });
    const wanted = { name: "s10", server_type: "cx23", image: "debian-13", placement_group };
    expect(refusal(await post("/servers", wanted))).toEqual([422, "placement_error"]);
  });

  it("identifies a key by its fingerprint", async () => {
    await start();
    await make("ssh_keys", { name: "one", public_key: PUBLIC_KEY });
    const again = { name: "two", public_key: PUBLIC_KEY };
    expect(refusal(await post("/ssh_keys", again))).toEqual([409, "uniqueness_error"]);
  });
});

describe("Hetzner's API, lists", () => {
  it("are filtered by name and by labels, and come in pages", async () => {
    await start({ actionMs: 0 });
    for (let index = 0; index < 30; index += 1) {
      const labels = { half: index < 15 ? "first" : "second" };
      await make("ssh_keys", {
        name: `key-${index}`,
        labels,
        public_key: `ssh-ed25519 ${Buffer.alloc(51, index).toString("base64")}`,
      });
    }
    const names = async (query: string) =>
      (await get(`/ssh_keys?${query}`)).body.ssh_keys.map(({ name }: { name: string }) => name);
    expect(await names("name=key-3")).toEqual(["key-3"]);
    expect(await names("label_selector=half%3Dsecond&per_page=50")).toHaveLength(15);
    expect(await names("label_selector=half!%3Dsecond,half")).toHaveLength(15);
    const { body } = await get("/ssh_keys?page=2");
    expect(body.ssh_keys).toHaveLength(5);
    expect(body.meta.pagination).toMatchObject({ previous_page: 1, next_page: null, total_entries: 30 });
  });
});

describe("Hetzner's API, when a test makes it fail", () => {
  it("refuses the next calls of that kind, as many as demanded", async () => {
    await start();
    cloud.fail("POST /servers", { code: "placement_error" }, 2);
    cloud.fail("GET /servers/:id", { code: "conflict", message: "again" });
    const wanted = { name: "one", server_type: "cx23", image: "debian-13" };
    expect(refusal(await post("/servers", wanted))).toEqual([422, "placement_error"]);
    expect(refusal(await post("/servers", wanted))).toEqual([422, "placement_error"]);
    const server = await aServer();
    expect((await get("/servers")).status).toBe(200);
    expect(refusal(await get(`/servers/${server}`))).toEqual([409, "conflict"]);
  });

  it("closes the connection, before or after the call has taken effect", async () => {
    await start();
    const group = { name: "g", type: "spread" };
    cloud.fail("POST /placement_groups", { hangUp: "before" });
    await expect(post("/placement_groups", group)).rejects.toThrow();
    expect(cloud.placementGroups).toEqual([]);
    cloud.fail("POST /placement_groups", { hangUp: "after" });
    await expect(post("/placement_groups", group)).rejects.toThrow();
    expect(cloud.placementGroups).toHaveLength(1);
    expect(cloud.requests.map(({ status }) => status)).toEqual([0, 0]);
  });

  it("lets a test change things as by hand, without a request", async () => {
    await start();
    const server = await aServer();
    const asked = cloud.requests.length;
    await cloud.console("DELETE", `/servers/${server}`);
    await expect(cloud.console("DELETE", "/servers/1")).rejects.toThrow("not found");
    await vi.waitFor(() => expect(cloud.servers).toEqual([]), 10_000);
    expect(cloud.requests).toHaveLength(asked);
  });
});
