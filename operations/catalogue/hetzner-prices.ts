/** Server types and prices from Hetzner's API, as a catalogue. */
import { z } from "zod";
import { type Catalogue, catalogueSchema, type ServerType } from "../../fleet/hosts/hetzner/catalogue.ts";
import { OperatorError } from "../../system/operator-error.ts";

const ENDPOINT = "https://api.hetzner.cloud/v1";
const TIMEOUT_MS = 30_000;

export interface Access {
  readonly endpoint: string;
  readonly token: string;
}

/** The variables that Hetzner's own tools read. */
export function accessFrom(env: Readonly<NodeJS.ProcessEnv>): Access {
  const token = env["HCLOUD_TOKEN"]?.trim();
  if (!token) {
    throw new OperatorError(
      "HCLOUD_TOKEN is not set. Reading prices needs an API token: create one in the Cloud Console (project, " +
        "Security, API tokens; read permission is enough) and set HCLOUD_TOKEN to it.",
    );
  }
  // Sent as it is, it would be rejected with an error that quotes it.
  if (!/^[!-~]+$/.test(token)) {
    throw new OperatorError("HCLOUD_TOKEN contains whitespace or control characters; paste only the token.");
  }
  return { token, endpoint: (env["HCLOUD_ENDPOINT"] || ENDPOINT).replace(/\/+$/, "") };
}

/** Amounts come as text, `"5.4900000000"`. Net and gross are the same where the project pays no VAT. */
const money = z.object({
  net: z
    .string()
    .regex(/^\d+(\.\d+)?$/, "not an amount of money")
    .transform(Number),
});

/** `null` while it is sold; an object with dates once its end is announced. */
const deprecation = z.looseObject({}).nullish();

const soldType = z.object({
  name: z.string(),
  architecture: z.enum(["x86", "arm"]),
  cores: z.number(),
  memory: z.number(),
  disk: z.number(),
  deprecation,
  locations: z.array(z.object({ name: z.string(), deprecation })),
  prices: z.array(
    z.object({
      location: z.string(),
      price_monthly: money,
      included_traffic: z.number(),
      price_per_tb_traffic: money,
    }),
  ),
});

type SoldType = z.infer<typeof soldType>;

const typesPage = z.object({
  server_types: z.array(soldType),
  meta: z.object({ pagination: z.object({ next_page: z.int().nullable() }) }),
});

const pricingAnswer = z.object({
  pricing: z.object({
    currency: z.string(),
    volume: z.object({ price_per_gb_month: money }),
    primary_ips: z.array(
      z.object({ type: z.string(), prices: z.array(z.object({ price_monthly: money })).min(1) }),
    ),
  }),
});

const refusal = z.object({ error: z.object({ message: z.string() }) });

/** A TB of traffic at Hetzner is 1024^4 bytes. */
const TB = 1024 ** 4;

const sortedRecord = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));

function toServerType(sold: SoldType): ServerType {
  // Hetzner keeps listing prices, often low ones, for locations in which a type can no longer be ordered.
  const onSale = new Set(sold.locations.filter((each) => !each.deprecation).map(({ name }) => name));
  const prices = sold.prices
    .filter(({ location }) => onSale.has(location))
    .map((price) => {
      const { price_monthly, included_traffic, price_per_tb_traffic } = price;
      const amounts = { monthly: price_monthly.net, trafficTb: included_traffic / TB };
      return [price.location, { ...amounts, perExtraTb: price_per_tb_traffic.net }] as const;
    });
  return {
    family: sold.name.replace(/\d.*$/, ""),
    architecture: sold.architecture,
    cpus: sold.cores,
    memoryGb: sold.memory,
    diskGb: sold.disk,
    deprecated: false,
    prices: sortedRecord(prices),
  };
}

function explain(path: string, { status, headers }: Response, message: string): string {
  if (status === 401) {
    return "Hetzner does not know this token (401). Check HCLOUD_TOKEN, or create a new one in the Cloud Console.";
  }
  if (status === 429) {
    const reset = Number(headers.get("RateLimit-Reset"));
    const when = reset > 0 ? `after ${new Date(reset * 1000).toISOString()}` : "in a few minutes";
    return `The project has used up its requests to Hetzner's API (429). Try again ${when}.`;
  }
  const reason = message === "" ? "" : `: ${message}`;
  return `Hetzner answered ${status} to GET ${path}${reason}. Try again later; if it persists, check HCLOUD_ENDPOINT.`;
}

const unexpected = (path: string, why: string): OperatorError =>
  new OperatorError(
    `Hetzner's answer to GET ${path} is not as expected: ${why}. Check HCLOUD_ENDPOINT; if it is right, ` +
      "Hetzner's API has changed, and operations/catalogue/hetzner-prices.ts must be adapted.",
  );

function parseAnswer<T>(path: string, schema: z.ZodType<T>, body: unknown): T {
  const answer = schema.safeParse(body);
  if (answer.success) return answer.data;
  const [issue] = answer.error.issues;
  throw unexpected(path, `${issue?.path.join(".") || "(the whole answer)"}: ${issue?.message}`);
}

/** `fetch failed` says nothing; the reason is in its cause, sometimes only as a code. */
function reasonOf({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message;
  return cause.message || ("code" in cause ? String(cause.code) : message);
}

type Ask = <T>(path: string, schema: z.ZodType<T>) => Promise<T>;

const asker =
  ({ endpoint, token }: Access, fetch: typeof globalThis.fetch): Ask =>
  async (path, schema) => {
    const headers = { Authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { response, text } = await fetch(`${endpoint}${path}`, { headers, signal })
      .then(async (response) => ({ response, text: await response.text() }))
      .catch((error: Error) => {
        throw new OperatorError(
          `${endpoint} cannot be reached: ${reasonOf(error)}. Check the network and HCLOUD_ENDPOINT.`,
        );
      });
    const body = parseJson(text);
    if (response.status !== 200) {
      throw new OperatorError(explain(path, response, refusal.safeParse(body).data?.error.message ?? ""));
    }
    if (body === undefined) throw unexpected(path, "it is not JSON");
    return parseAnswer(path, schema, body);
  };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function typesFrom(ask: Ask, page = 1): Promise<SoldType[]> {
  const { server_types, meta } = await ask(`/server_types?page=${page}&per_page=50`, typesPage);
  const next = meta.pagination.next_page;
  return next === null ? server_types : [...server_types, ...(await typesFrom(ask, next))];
}

/**
 * What can be ordered on the given day.
 *
 * @throws OperatorError with the remedy if Hetzner cannot be asked or its answers are not as expected
 */
export async function fetchCatalogue(
  { date, ...access }: Access & { readonly date: string },
  fetch = globalThis.fetch,
): Promise<Catalogue> {
  const ask = asker(access, fetch);
  const sold = await typesFrom(ask);
  const { pricing } = await ask("/pricing", pricingAnswer);
  const types = sold
    .filter((each) => !each.deprecation)
    .map((each) => [each.name, toServerType(each)] as const)
    .filter(([, { prices }]) => Object.keys(prices).length > 0);
  const addresses = pricing.primary_ips
    .filter(({ type }) => type === "ipv4")
    .flatMap(({ prices }) => prices.map(({ price_monthly }) => price_monthly.net));
  return parseAnswer("/server_types and /pricing", catalogueSchema, {
    date,
    source: "Hetzner's API: GET /v1/server_types and GET /v1/pricing",
    currency: pricing.currency,
    volumePerGb: pricing.volume.price_per_gb_month.net,
    // The same everywhere so far. If locations ever differ, an estimate should be too high rather than too low.
    ipv4: Math.max(...addresses),
    types: sortedRecord(types),
  });
}

/** Types that are no longer sold are kept with their last price, for existing servers. */
export function withRetired(after: Catalogue, before: Catalogue): Catalogue {
  if (after.currency !== before.currency) return after;
  const retired = Object.entries(before.types).filter(([name]) => after.types[name] === undefined);
  const kept = retired.map(([name, type]) => [name, { ...type, deprecated: true }] as const);
  return { ...after, types: sortedRecord([...Object.entries(after.types), ...kept]) };
}

/** With one line per price, so that the diff of a refresh reads as a list of price changes. */
export function renderCatalogue(catalogue: Catalogue): string {
  const unlessFalse = (_: string, value: unknown): unknown => (value === false ? undefined : value);
  const text = JSON.stringify(catalogue, unlessFalse, 2);
  const onOneLine = text.replace(
    /\{\n([^{}]+)\n\s+\}/g,
    (_, inner: string) => `{ ${inner.trim().replace(/\n\s+/g, " ")} }`,
  );
  return `${onOneLine}\n`;
}
