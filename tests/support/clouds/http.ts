/** What the stand-ins for clouds have in common: a server on this machine that keeps a log of what it is asked. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Call {
  readonly method: string;
  /** Below the API's root, without the query: `/servers/42`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent. */
  readonly body: string;
  /** When it came in, milliseconds since 1970. */
  readonly time: number;
  /** What it was answered; 0 while it is not, and for one whose connection was cut. */
  status: number;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection ends instead, as it does when a network fails. */
  readonly hangUp?: boolean;
}

export type Respond = (call: Call) => Answer | Promise<Answer>;

export interface Listener {
  readonly endpoint: string;
  /** Every call, in the order of arrival, also those that were refused. */
  readonly requests: readonly Call[];
  close(): Promise<void>;
}

/** @param root where the API begins: `/v1` */
export async function listen(root: string, respond: Respond): Promise<Listener> {
  const requests: Call[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const call: Call = {
      method: request.method ?? "GET",
      path: url.pathname.startsWith(`${root}/`) ? url.pathname.slice(root.length) : url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: await text(request),
      time: Date.now(),
      status: 0,
    };
    requests.push(call);
    const { status, body, headers = {}, hangUp } = await respond(call);
    if (hangUp) {
      request.socket.destroy();
      return;
    }
    call.status = status;
    const payload = body === undefined ? "" : JSON.stringify(body);
    const type = body === undefined ? {} : { "content-type": "application/json" };
    response.writeHead(status, { ...type, "content-length": Buffer.byteLength(payload), ...headers });
    response.end(payload);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      // A mistake of the stand-in itself: its caller's test shall fail and show it.
      console.error(error);
      if (response.headersSent) response.end();
      else response.writeHead(500, { "content-type": "text/plain" }).end(error.stack);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}${root}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
