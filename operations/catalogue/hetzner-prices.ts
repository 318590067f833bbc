/** Hetzner's answers about what it sells, as a catalogue. */
import { z } from "zod";
import { type Catalogue, catalogueSchema, type ServerType } from "../fleet/hosts/hetzner/catalogue.ts";
import { UserError } from "../workspace/user-error.ts";

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
    throw new UserError(
      "HCLOUD_TOKEN is not set. Hetzner tells its prices to whoever has a project: make a token in the Cloud " +
        "Console (project, Security, API tokens; permission to read is enough) and put it in HCLOUD_TOKEN.",
    );
  }
  // Sent as it is, it would be refused by a message that quotes it.
  if (!/^[!-~]+$/.test(token)) {
    throw new UserError("HCLOUD_TOKEN holds blanks, line breaks or the like: copy the token alone.");
  }
  return { token, endpoint: (env["HCLOUD_ENDPOINT"] || ENDPOINT).replace(/\/+$/, "") };
}

/** Amounts come as text, `"5.4900000000"`. Net and gross are the same where the project pays no VAT. */
const money = z.object({
  net: z
    .string()
    .regex(/^\d+(\.\d+)?$/, "no amount of money")
    .transform(Number),
});

/** `null` for what is on sale; an object with dates from the day on which its end is announced. */
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

/** What Hetzner calls a TB of traffic has 1024^4 bytes. */
const TB = 1024 ** 4;

const sortedRecord = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));

function toServerType(sold: SoldType): ServerType {
  // Hetzner goes on naming a price, often a tempting one, where a type can no longer be ordered.
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
    return "Hetzner does not know this token (401). Check HCLOUD_TOKEN, or make a new one in the Cloud Console.";
  }
  if (status === 429) {
    const reset = Number(headers.get("RateLimit-Reset"));
    const when = reset > 0 ? `after ${new Date(reset * 1000).toISOString()}` : "in some minutes";
    return `The project has used up its requests to Hetzner's API (429). Try again ${when}.`;
  }
  const said = message === "" ? "" : `: ${message}`;
  return `Hetzner answers ${status} to GET ${path}${said}. Try again later; if it stays so, check HCLOUD_ENDPOINT.`;
}

const notUnderstood = (path: string, why: string): UserError =>
  new UserError(
    `Hetzner's answer to GET ${path} is not understood: ${why}. Check HCLOUD_ENDPOINT; if it is right, ` +
      "Hetzner's API has changed, and operations/hetzner-prices.ts has to follow.",
  );

function understand<T>(path: string, schema: z.ZodType<T>, body: unknown): T {
  const answer = schema.safeParse(body);
  if (answer.success) return answer.data;
  const [issue] = answer.error.issues;
  throw notUnderstood(path, `${issue?.path.join(".") || "(the whole answer)"}: ${issue?.message}`);
}

/** `fetch failed` alone says nothing; the reason is one level down, at times as a code only. */
function reasonOf({ message, cause }: Error): string {
  const inner = cause as NodeJS.ErrnoException | undefined;
  return inner?.message || inner?.code || message;
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
        throw new UserError(
          `${endpoint} cannot be reached: ${reasonOf(error)}. Check the network and HCLOUD_ENDPOINT.`,
        );
      });
    const body = parseJson(text);
    if (response.status !== 200) {
      throw new UserError(explain(path, response, refusal.safeParse(body).data?.error.message ?? ""));
    }
    if (body === undefined) throw notUnderstood(path, "it is no JSON");
    return understand(path, schema, body);
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
 * @throws UserError with what to do, where Hetzner cannot be asked or its answers are not understood.
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
  return understand("/server_types and /pricing", catalogueSchema, {
    date,
    source: "Hetzner's API: GET /v1/server_types and GET /v1/pricing",
    currency: pricing.currency,
    volumePerGb: pricing.volume.price_per_gb_month.net,
    // One price everywhere so far. Should locations come to differ, an estimate is rather too high than too low.
    ipv4: Math.max(...addresses),
    types: sortedRecord(types),
  });
}

/** Types that are no longer sold stay, with the last price they had, for the servers that are of them. */
export function withRetired(after: Catalogue, before: Catalogue): Catalogue {
  if (after.currency !== before.currency) return after;
  const retired = Object.entries(before.types).filter(([name]) => after.types[name] === undefined);
  const kept = retired.map(([name, type]) => [name, { ...type, deprecated: true }] as const);
  return { ...after, types: sortedRecord([...Object.entries(after.types), ...kept]) };
}

/** With a line for each price, so that a refresh reads as a list of what became dearer. */
export function renderCatalogue(catalogue: Catalogue): string {
  const unlessFalse = (_: string, value: unknown): unknown => (value === false ? undefined : value);
  const text = JSON.stringify(catalogue, unlessFalse, 2);
  const onOneLine = text.replace(
    /\{\n([^{}]+)\n\s+\}/g,
    (_, inner: string) => `{ ${inner.trim().replace(/\n\s+/g, " ")} }`,
  );
  return `${onOneLine}\n`;
}
