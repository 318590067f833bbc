/** A refresh against a server on this machine that answers as Hetzner's API does. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { catalogueSchema } from "../../../fleet/hosts/hetzner/catalogue.ts";
import { renderCatalogue } from "../../../operations/catalogue/hetzner-prices.ts";
import { CATALOGUE_FILE, refreshCatalogue } from "../../../operations/catalogue/refresh.ts";
import { OperatorError } from "../../../system/operator-error.ts";

const ENDED = { announced: "2025-10-16T06:00:00Z", unavailable_after: "2025-12-31T23:59:59Z" };
const TB = 1024 ** 4;

const money = (net: string) => ({ net: `${net}00000000`, gross: `${net}0000000000` });
const price = (location: string, net: string) => ({
  location,
  price_hourly: money("0.01"),
  price_monthly: money(net),
  included_traffic: location === "sin" ? TB / 2 : 20 * TB,
  price_per_tb_traffic: money(location === "sin" ? "7.40" : "1.00"),
});

const serverType = (name: string, memory: number, prices: Record<string, string>) => ({
  id: 1,
  name,
  architecture: "x86",
  cores: memory / 2,
  cpu_type: "shared",
  storage_type: "local",
  memory,
  disk: memory * 10,
  deprecation: null as object | null,
  locations: Object.keys(prices).map((each) => ({ name: each, deprecation: null as object | null })),
  prices: Object.entries(prices).map(([location, net]) => price(location, net)),
});

/** Two pages, the second type ended altogether, the third in one of its locations. */
const offered = () => {
  const cx22 = { ...serverType("cx22", 4, { fsn1: "4.49" }), deprecation: ENDED };
  const cpx11 = serverType("cpx11", 2, { sin: "9.99", hel1: "5.49", ash: "17.49" });
  cpx11.locations = [
    { name: "ash", deprecation: null },
    { name: "hel1", deprecation: ENDED },
    { name: "sin", deprecation: null },
  ];
  return {
    pages: [[serverType("cx23", 4, { nbg1: "5.49", fsn1: "5.49" }), cx22], [cpx11]],
    pricing: {
      currency: "EUR",
      vat_rate: "0.000000",
      volume: { price_per_gb_month: money("0.06") },
      primary_ips: [
        { type: "ipv4", prices: [{ location: "fsn1", price_monthly: money("0.50") }] },
        { type: "ipv6", prices: [{ location: "fsn1", price_monthly: money("0.00") }] },
      ],
    },
  };
};

type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> };

let offer = offered();
let answer: ((request: IncomingMessage) => Answer | undefined) | undefined;

function usual({ url = "", headers }: IncomingMessage): Answer {
  if (headers.authorization !== "Bearer good") {
    return { status: 401, body: { error: { code: "unauthorized", message: "unable to authenticate" } } };
  }
  if (url === "/v1/pricing") return { status: 200, body: { pricing: offer.pricing } };
  const [, page] = /^\/v1\/server_types\?page=(\d+)&per_page=50$/.exec(url) ?? [];
  if (page === undefined)
    return { status: 404, body: { error: { code: "not_found", message: "not found" } } };
  const next = Number(page) < offer.pages.length ? Number(page) + 1 : null;
  return {
    status: 200,
    body: { server_types: offer.pages[Number(page) - 1], meta: { pagination: { page, next_page: next } } },
  };
}

const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  const { status, body, headers } = answer?.(request) ?? usual(request);
  response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
});

let folder = "";
let file = "";
let env: NodeJS.ProcessEnv = {};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "agent-fleet-catalogue-"));
  file = join(folder, "hetzner.json");
  offer = offered();
  answer = undefined;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  env = { HCLOUD_TOKEN: "good", HCLOUD_ENDPOINT: `http://127.0.0.1:${port}/v1/` };
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const refresh = (date = "2026-10-01"): Promise<string[]> => refreshCatalogue({ file, date, env });

describe("a refresh of the catalogue", () => {
  it("writes what can be ordered, from all pages, sorted, with a line for each price", async () => {
    expect(await refresh()).toEqual([`2 server types in ${file}, written from scratch`]);
    expect(readFileSync(file, "utf8")).toBe(`{
  "date": "2026-10-01",
  "source": "Hetzner's API: GET /v1/server_types and GET /v1/pricing",
  "currency": "EUR",
  "volumePerGb": 0.06,
  "ipv4": 0.5,
  "types": {
    "cpx11": {
      "family": "cpx",
      "architecture": "x86",
      "cpus": 1,
      "memoryGb": 2,
      "diskGb": 20,
      "prices": {
        "ash": { "monthly": 17.49, "trafficTb": 20, "perExtraTb": 1 },
        "sin": { "monthly": 9.99, "trafficTb": 0.5, "perExtraTb": 7.4 }
      }
    },
    "cx23": {
      "family": "cx",
      "architecture": "x86",
      "cpus": 2,
      "memoryGb": 4,
      "diskGb": 40,
      "prices": {
        "fsn1": { "monthly": 5.49, "trafficTb": 20, "perExtraTb": 1 },
        "nbg1": { "monthly": 5.49, "trafficTb": 20, "perExtraTb": 1 }
      }
    }
  }
}
`);
  });

  it("writes in the form that the committed file has", () => {
    const committed = readFileSync(CATALOGUE_FILE, "utf8");
    expect(renderCatalogue(catalogueSchema.parse(JSON.parse(committed)))).toBe(committed);
  });

  it("says so if nothing has changed, and dates the prices", async () => {
    await refresh();
    expect(await refresh("2026-11-01")).toEqual([`2 server types in ${file}, no changes since 2026-10-01`]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toHaveProperty("date", "2026-11-01");
  });

  it("describes what has changed", async () => {
    await refresh();
    offer.pages = [
      [serverType("cx23", 4, { nbg1: "7.14", fsn1: "7.14", hel1: "7.14" })],
      [serverType("cx63", 64, { fsn1: "60.00", nbg1: "59.00" })],
    ];
    offer.pricing.primary_ips = [
      { type: "ipv4", prices: [{ location: "fsn1", price_monthly: money("0.60") }] },
    ];
    expect(await refresh("2026-11-01")).toEqual([
      `2 server types in ${file}, changes since 2026-10-01:`,
      "  - cpx11 is no longer sold; kept for existing servers of this type",
      "  ~ cx23 in fsn1, nbg1: 5.49 -> 7.14 EUR a month (+30 %)",
      "  ~ cx23 in hel1: now available there, 7.14 EUR a month",
      "  + cx63: 32 CPUs (x86), 64 GB of memory, 640 GB of disk, from 59 EUR a month",
      "  ~ an IPv4 address: 0.5 -> 0.6 EUR a month (+20 %)",
    ]);
  });

  it("keeps a type that is no longer sold with its last price, until it is sold again", async () => {
    await refresh();
    const { pages } = offer;
    offer.pages = pages.slice(0, 1);
    await refresh("2026-11-01");
    expect(await refresh("2026-11-02")).toEqual([`1 server types in ${file}, no changes since 2026-11-01`]);
    const { cpx11 } = catalogueSchema.parse(JSON.parse(readFileSync(file, "utf8"))).types;
    expect(cpx11).toMatchObject({ deprecated: true, prices: { ash: { monthly: 17.49 } } });
    offer.pages = pages;
    expect(await refresh("2026-11-03")).toContain(
      "  + cpx11: 1 CPUs (x86), 2 GB of memory, 20 GB of disk, from 9.99 EUR a month",
    );
    expect(readFileSync(file, "utf8")).not.toContain("deprecated");
  });

  it("replaces a file that a merge has damaged", async () => {
    writeFileSync(file, "<<<<<<< HEAD\n{");
    await refresh();
    expect(catalogueSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).success).toBe(true);
  });
});

describe("a refresh that fails", () => {
  const message = async (): Promise<string> => {
    const error: unknown = await refresh().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OperatorError);
    expect(existsSync(file)).toBe(false);
    return (error as OperatorError).message;
  };

  it.each([
    ["no token", { HCLOUD_TOKEN: " " }, /HCLOUD_TOKEN is not set\..*create one in the Cloud Console/],
    ["a wrong token", { HCLOUD_TOKEN: "bad" }, /does not know this token \(401\)\. Check HCLOUD_TOKEN/],
    [
      "an endpoint that does not respond",
      { HCLOUD_ENDPOINT: "http://127.0.0.1:10" },
      /:10 cannot be reached: .*ECONNREFUSED.*\. Check/,
    ],
  ])("names the remedy: %s", async (_, variables, expected) => {
    env = { ...env, ...variables };
    expect(await message()).toMatch(expected);
  });

  it("does not show a token that cannot be sent", async () => {
    env["HCLOUD_TOKEN"] = "s3cret\nvalue";
    expect(await message()).toBe(
      "HCLOUD_TOKEN contains whitespace or control characters; paste only the token.",
    );
  });

  const limited = { error: { code: "rate_limit_exceeded", message: "limit reached" } };
  const noAmount = { ...price("fsn1", "1.00"), price_monthly: { net: "free" } };
  it.each<[string, Answer, string]>([
    [
      "too many requests",
      { status: 429, body: limited, headers: { "RateLimit-Reset": "1790000000" } },
      "used up its requests to Hetzner's API (429). Try again after 2026-09-21T14:13:20.000Z.",
    ],
    ["too many requests, without a time", { status: 429, body: limited }, "Try again in a few minutes."],
    [
      "an outage",
      { status: 503, body: { error: { code: "unavailable", message: "maintenance" } } },
      "answered 503 to GET /server_types?page=1&per_page=50: maintenance. Try again later",
    ],
    [
      "a proxy's page",
      { status: 502, body: "<html>" },
      "answered 502 to GET /server_types?page=1&per_page=50. Try",
    ],
    [
      "garbage",
      { status: 200, body: "<html>" },
      "per_page=50 is not as expected: it is not JSON. Check HCLOUD_ENDPOINT",
    ],
    ["something else", { status: 200, body: {} }, "is not as expected: server_types: Invalid input"],
    [
      "a price that is not a number",
      {
        status: 200,
        body: {
          server_types: [{ ...serverType("cx23", 4, { fsn1: "1.00" }), prices: [noAmount] }],
          meta: { pagination: { next_page: null } },
        },
      },
      "is not as expected: server_types.0.prices.0.price_monthly.net: not an amount of money",
    ],
  ])("says what Hetzner answered instead: %s", async (_, instead, expected) => {
    answer = () => instead;
    expect(await message()).toContain(expected);
  });

  it("rejects a catalogue without prices", async () => {
    offer.pricing.primary_ips = [];
    expect(await message()).toContain("GET /server_types and /pricing is not as expected: ipv4:");
  });
});
