/** A Docker daemon that answers as a test says, on a Unix socket, and records what it was asked. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export interface DockerRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface DockerAnswer {
  readonly status?: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as JSON lines, as progress is. */
  readonly events?: readonly unknown[];
  /** Sent as it is. */
  readonly raw?: Buffer;
}

export interface FakeDaemon {
  readonly address: string;
  readonly requests: readonly DockerRequest[];
  close(): Promise<void>;
}

const NEVER = new Promise<never>(() => {});
/** For a daemon, or a registry behind it, that does not respond. */
export const never = (): Promise<DockerAnswer> => NEVER;

/** @param answer undefined is Docker's `404` */
export async function startDaemon(
  answer: (request: DockerRequest) => DockerAnswer | undefined | Promise<DockerAnswer>,
): Promise<FakeDaemon> {
  const folder = mkdtempSync(join(tmpdir(), "docker-daemon-"));
  const socket = join(folder, "docker.sock");
  const requests: DockerRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://docker");
    const request = {
      method: incoming.method ?? "",
      path: decodeURIComponent(pathname),
      query: searchParams,
      headers: incoming.headers,
      body: await text(incoming),
    };
    requests.push(request);
    const { status, body, events, raw } = (await answer(request)) ?? {
      status: 404,
      body: { message: "not found" },
    };
    response.writeHead(status ?? 200, { "Content-Type": "application/json" });
    response.end(
      raw ??
        (events === undefined
          ? JSON.stringify(body ?? {})
          : events.map((each) => `${JSON.stringify(each)}\n`).join("")),
    );
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    address: `unix://${socket}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
