/** The client against a server that answers as Docker does. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CommandFailedError, connect, execute, followLogs, get, ping, readLogs } from "docker-connection";
import { afterEach, describe, expect, it } from "vitest";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function daemon(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return connect({ address: `tcp://127.0.0.1:${port}` });
}

/** Docker's frame: the stream's number, three zeros, four bytes of length. */
function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

const LOG = Buffer.concat([frame(1, "one\ntw"), frame(1, "o\n"), frame(2, "oops\n"), frame(1, "last")]);

describe("connect", () => {
  it("gives one client per address", () => {
    expect(connect({ address: "tcp://127.0.0.1:1" })).toBe(connect({ address: "tcp://127.0.0.1:1" }));
    expect(connect()).toBe(connect({ address: "unix:///var/run/docker.sock" }));
    expect(connect()).not.toBe(connect({ address: "unix:///other.sock" }));
  });
});

describe("ping", () => {
  it("resolves if the daemon answers", async () => {
    await ping(await daemon((_, response) => response.end("OK")), 10_000);
  });

  it("rejects if it does not answer in time", async () => {
    const docker = await daemon(() => {});
    await expect(ping(docker, 20)).rejects.toThrow("no answer within 0.02 s");
  });

  it("rejects if nothing listens", async () => {
    await expect(ping(connect({ address: "tcp://127.0.0.1:1" }), 10_000)).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe("get", () => {
  const soon = () => AbortSignal.timeout(10_000);

  it("is the JSON answer of a path with a query, or without", async () => {
    const docker = await daemon(({ url }, response) => response.end(JSON.stringify({ url })));
    expect(await get(docker, "/system/df", { type: "volume" }, soon())).toEqual({
      url: "/system/df?type=volume",
    });
    expect(await get(docker, "/info", {}, soon())).toEqual({ url: "/info" });
  });

  it("rejects with Docker's own answer", async () => {
    const docker = await daemon((_, response) => response.writeHead(404).end('{"message":"no such thing"}'));
    await expect(get(docker, "/x", {}, soon())).rejects.toMatchObject({ statusCode: 404 });
  });

  it("is given up when its signal says so", async () => {
    const docker = await daemon(() => {});
    await expect(get(docker, "/x", {}, AbortSignal.timeout(20))).rejects.toThrow();
  });
});

describe("a container's log", () => {
  it("is both streams in the order in which they were written", async () => {
    const urls: string[] = [];
    const docker = await daemon(({ url = "" }, response) => {
      urls.push(url);
      response.end(LOG);
    });
    expect(await readLogs(docker.getContainer("c"))).toBe("one\ntwo\noops\nlast");
    expect(await readLogs(docker.getContainer("c"), 5)).toBe("one\ntwo\noops\nlast");
    expect(urls.map((url) => new URL(url, "http://x").searchParams.get("tail"))).toEqual([null, "5"]);
  });

  it("is empty for a container that wrote nothing", async () => {
    const docker = await daemon((_, response) => response.end());
    expect(await readLogs(docker.getContainer("c"))).toBe("");
  });

  it.each([true, false])("is passed on line by line, with follow %s", async (follow) => {
    const docker = await daemon((_, response) => {
      // In pieces that end inside a frame and inside a line.
      for (let at = 0; at < LOG.length; at += 5) response.write(LOG.subarray(at, at + 5));
      response.end();
    });
    const lines: string[] = [];
    await followLogs(docker.getContainer("c"), { tail: 10, follow }, (line) => lines.push(line));
    expect(lines).toEqual(["one", "two", "oops", "last"]);
  });

  it("that breaks off is an error", async () => {
    const docker = await daemon((_, response) => {
      response.write(LOG);
      setImmediate(() => response.destroy());
    });
    const lines: string[] = [];
    const following = followLogs(docker.getContainer("c"), { tail: 10, follow: true }, (line) =>
      lines.push(line),
    );
    await expect(following).rejects.toThrow(/aborted/);
  });
});

describe("a command in a container", () => {
  const running = (exitCode: number) =>
    daemon(({ url = "", method }, response) => {
      response.setHeader("content-type", "application/json");
      if (method === "GET") response.end(JSON.stringify({ ExitCode: exitCode }));
      else if (url.endsWith("/exec")) response.writeHead(201).end(JSON.stringify({ Id: "e" }));
      else response.end(LOG);
    });

  it("gives its standard output", async () => {
    expect(await execute((await running(0)).getContainer("c"), ["cat", "x"])).toBe("one\ntwo\nlast");
  });

  it("that fails is quoted", async () => {
    const failing = execute((await running(3)).getContainer("c"), ["cat", "x"]);
    await expect(failing).rejects.toThrow(CommandFailedError);
    await expect(failing).rejects.toThrow("cat in the container exited with code 3: oops");
  });

  it("that does not end is given up when its signal says so", async () => {
    const docker = await daemon(({ url = "" }, response) => {
      response.setHeader("content-type", "application/json");
      if (url.endsWith("/exec")) response.writeHead(201).end(JSON.stringify({ Id: "e" }));
      else response.write(LOG);
    });
    const endless = execute(docker.getContainer("c"), ["sleep", "infinity"], AbortSignal.timeout(50));
    await expect(endless).rejects.toThrow();
  });
});
