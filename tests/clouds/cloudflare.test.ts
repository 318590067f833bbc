import { afterEach, describe, expect, it, vi } from "vitest";
import { call, type Reply } from "../support/clouds/client.ts";
import { type Cloudflare, type CloudflareOptions, startCloudflare } from "../support/clouds/cloudflare.ts";

let cloud: Cloudflare;
let records: string;

afterEach(async () => {
  vi.useRealTimers();
  await cloud.close();
});

const start = async (options: CloudflareOptions = {}): Promise<void> => {
  cloud = await startCloudflare(options);
  records = `/zones/${cloud.zones[0]?.id}/dns_records`;
};
const get = (path: string): Promise<Reply> => call(cloud, "GET", path);
const post = (body: object): Promise<Reply> => call(cloud, "POST", records, body);

const A = { type: "A", name: "alice.agents.example.com", content: "203.0.113.1", ttl: 300 };

const refusal = ({ status, body }: Reply) => {
  expect(body).toMatchObject({ success: false, result: null });
  return [status, body.errors[0].code];
};

describe("Cloudflare's API, zones", () => {
  it("are found by name and by id", async () => {
    await start({ zones: ["example.com", "example.net"] });
    const { body } = await get("/zones?name=example.net");
    expect(body).toMatchObject({ success: true, errors: [], result_info: { total_count: 1 } });
    const [{ id }] = body.result;
    expect((await get(`/zones/${id}`)).body.result).toMatchObject({ name: "example.net", status: "active" });
    expect(refusal(await get("/zones/elsewhere"))).toEqual([404, 7003]);
  });

  it("are not shown without the token", async () => {
    await start();
    expect(refusal(await call({ ...cloud, token: "other" }, "GET", "/zones"))).toEqual([403, 10000]);
  });
});

describe("Cloudflare's API, records", () => {
  it("are created, changed, replaced and deleted", async () => {
    const seen: number[] = [];
    await start({ onChange: (zone, all) => seen.push(zone === "example.com" ? all.length : -1) });
    const made = (await post({ ...A, comment: "mine" })).body.result;
    expect(made).toMatchObject({ ...A, proxied: false, proxiable: true, comment: "mine", tags: [] });
    const path = `${records}/${made.id}`;
    await call(cloud, "PATCH", path, { content: "203.0.113.2" });
    expect((await get(path)).body.result).toMatchObject({ content: "203.0.113.2", comment: "mine" });
    await call(cloud, "PUT", path, { ...A, content: "203.0.113.3" });
    expect(cloud.records("example.com")).toMatchObject([{ content: "203.0.113.3", comment: null }]);
    expect((await call(cloud, "DELETE", path)).body.result).toEqual({ id: made.id });
    expect(refusal(await get(path))).toEqual([404, 81044]);
    expect(refusal(await call(cloud, "DELETE", path))).toEqual([404, 81044]);
    expect(seen).toEqual([1, 1, 1, 0]);
  });

  it("get the zone's name appended where it is missing", async () => {
    await start();
    const names = ["alice", "@", "*.Bob", "carol.example.com"].map(async (name) => {
      const { body } = await post({ ...A, name });
      return body.result.name;
    });
    expect(await Promise.all(names)).toEqual([
      "alice.example.com",
      "example.com",
      "*.bob.example.com",
      "carol.example.com",
    ]);
  });

  it("are listed by name, type and content, and in pages", async () => {
    await start();
    await post(A);
    await post({ ...A, name: "bob.agents.example.com" });
    await post({ type: "AAAA", name: "bob.agents.example.com", content: "2001:db8::1" });
    const count = async (query: string) => (await get(`${records}?${query}`)).body.result.length;
    expect(await count("")).toBe(3);
    expect(await count("name=bob.agents.example.com")).toBe(2);
    expect(await count("name.exact=bob.agents.example.com&type=A")).toBe(1);
    expect(await count("name.startswith=alice&content=2001:db8::1&match=any")).toBe(2);
    const { body } = await get(`${records}?per_page=2&page=2`);
    expect(body.result_info).toEqual({ page: 2, per_page: 2, count: 1, total_count: 3, total_pages: 2 });
  });

  it.each([
    ["an identical record", A, 400, 81058],
    ["one that differs in its lifetime alone", { ...A, ttl: 60 }, 400, 81057],
    ["an alias next to an address", { ...A, type: "CNAME", content: "example.com" }, 400, 81053],
    ["an address that is none", { ...A, content: "nowhere" }, 400, 1004],
    ["a lifetime of a second", { ...A, name: "b", ttl: 2 }, 400, 1004],
    ["tags, which the free plan has none of", { ...A, name: "b", tags: ["a:b"] }, 400, 1004],
    ["no type", { name: "b", content: "203.0.113.1" }, 400, 9207],
  ])("are refused: %s", async (_what, body, status, code) => {
    await start();
    await post(A);
    expect(refusal(await post(body))).toEqual([status, code]);
    expect(cloud.records()).toHaveLength(1);
  });

  it("are limited to 200 in a zone, or to as many as the test allows", async () => {
    await start({ quota: 2 });
    for (const name of ["one", "two"]) await post({ ...A, name });
    expect(refusal(await post({ ...A, name: "three" }))).toEqual([400, 81045]);
  });
});

describe("Cloudflare's API, limits and failures", () => {
  it("refuses every call for a while after too many", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    await start({ rateLimit: { requests: 2, windowMs: 10_000, blockMs: 60_000 } });
    await get("/zones");
    expect((await get("/zones")).headers.get("ratelimit")).toBe('"default";r=0;t=10');
    const refused = await get("/zones");
    expect(refusal(refused)).toEqual([429, 971]);
    expect(refused.headers.get("retry-after")).toBe("60");
    vi.setSystemTime(Date.now() + 59_000);
    expect(refusal(await post(A))).toEqual([429, 971]);
    expect(cloud.records()).toEqual([]);
    vi.setSystemTime(Date.now() + 1_000);
    expect((await get("/zones")).status).toBe(200);
  });

  it("fails, or loses its answer, when a test demands it", async () => {
    await start();
    cloud.fail("POST /zones/:zone/dns_records", { status: 500, code: 10001, message: "broken" });
    expect(refusal(await post(A))).toEqual([500, 10001]);
    cloud.fail("POST /zones/:zone/dns_records", { hangUp: "after" });
    await expect(post(A)).rejects.toThrow();
    expect(cloud.records()).toHaveLength(1);
  });
});
