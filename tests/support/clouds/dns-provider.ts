/** A domain's DNS provider: the records are in Pebble's test server, and what it lacks is here. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import type { Authority } from "./acme.ts";

const SOA = 6;
const HEADER_BYTES = 12;

/** What a query asks for: the one question's name, its type, and its bytes. */
function questionOf(query: Buffer): { name: string; type: number; bytes: Buffer } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return {
    name: labels.join(".").toLowerCase(),
    type: query.readUInt16BE(at + 1),
    bytes: query.subarray(HEADER_BYTES, at + 5),
  };
}

/** Where a zone begins: what a client must find out before it can set a record. */
function answerStart(query: Buffer, zone: string): Buffer {
  const { name, bytes } = questionOf(query);
  const isStart = name === zone;
  const header = Buffer.from(query.subarray(0, HEADER_BYTES));
  // An answer to a question that allowed recursion, without error; one question, and nothing in addition to the answer.
  header.writeUInt16BE(0x8180, 2);
  for (const [index, count] of [1, isStart ? 1 : 0, 0, 0].entries())
    header.writeUInt16BE(count, 4 + index * 2);
  if (!isStart) return Buffer.concat([header, bytes]);
  // The question's name, type and class; a minute; then the names of server and master, which are empty, and five numbers.
  const record = Buffer.alloc(12 + 2 + 5 * 4);
  for (const [index, value] of [0xc00c, SOA, 1, 0, 60, record.length - 12].entries())
    record.writeUInt16BE(value, index * 2);
  for (let at = 14; at < record.length; at += 4) record.writeUInt32BE(60, at);
  return Buffer.concat([header, bytes, record]);
}

/** A change of a record that was asked for. */
export interface Change {
  readonly method: string;
  readonly host: string;
  /** Whose token came with it. */
  readonly authorization: string | undefined;
}

export interface DnsProvider {
  /** Where records are changed, with the token. */
  readonly api: string;
  readonly changes: readonly Change[];
  stop(): void;
}

/** @param ports two free ones, in a row: the API's, and the one where names are resolved */
export async function startDnsProvider(
  ports: number,
  { zone, token, names }: { zone: string; token: string; names: Authority["names"] },
): Promise<DnsProvider> {
  const changes: Change[] = [];
  const api = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const { authorization } = request.headers;
      const method = request.url ?? "";
      changes.push({ method, host: (JSON.parse(body) as { host: string }).host, authorization });
      const isOwner = authorization === `Bearer ${token}`;
      const { status } = isOwner
        ? await fetch(`${names.management}${method}`, { method: "POST", body })
        : { status: 403 };
      response.writeHead(status).end();
    })();
  });
  const resolver = createSocket("udp4");
  const [address, port] = names.server.split(":");
  resolver.on("message", (query, client) => {
    const reply = (answer: Buffer): void => resolver.send(answer, client.port, client.address);
    if (questionOf(query).type === SOA) return reply(answerStart(query, zone));
    const relay = createSocket("udp4");
    relay.on("message", (answer) => {
      reply(answer);
      relay.close();
    });
    relay.send(query, Number(port), address);
  });
  api.listen(ports, "127.0.0.1");
  resolver.bind(ports + 1, "127.0.0.1");
  await Promise.all([once(api, "listening"), once(resolver, "listening")]);
  return {
    api: `http://127.0.0.1:${ports}`,
    changes,
    stop: () => {
      api.close();
      resolver.close();
    },
  };
}
