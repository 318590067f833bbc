/**
 * A simulated internet: addresses that this machine reaches through a router, in a network namespace of their own.
 *
 * A listener on an address of this machine would not do: other rules apply to what a network sends to its host than to what
 * it sends through it, and only the latter separate it from the internet and from a cloud's metadata service.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { runCommand } from "../project/project.ts";
import { outputOf } from "../project/test-fleet.ts";

const NAMESPACE = "fleet-e2e";
const LINK = "fleet-e2e0";
const ROUTER = "198.51.100.1";
const GATEWAY = "198.51.100.2";

const SERVER = `
const { createServer } = require("node:net");
require("node:http").createServer((_, answer) => answer.end("the internet")).listen(80);
createServer((socket) => socket.on("error", () => {}).pipe(socket)).listen(443, () => console.log("ready"));
`;

const ip = async (...args: readonly string[]): Promise<string> =>
  outputOf(`ip ${args.join(" ")}`, await runCommand("ip", args));

/** Changing addresses and routes takes root, and a Docker daemon on this very machine. */
export const canChangeNetwork = process.platform === "linux" && process.getuid?.() === 0;

export class Internet {
  readonly #server: ChildProcess;

  private constructor(server: ChildProcess) {
    this.#server = server;
  }

  /** On each of the addresses, port 80 answers HTTP and port 443 echoes. */
  static async open(addresses: readonly string[]): Promise<Internet> {
    // What a killed run left behind.
    await runCommand("ip", ["link", "delete", LINK]);
    await runCommand("ip", ["netns", "delete", NAMESPACE]);
    await ip("netns", "add", NAMESPACE);
    await ip("link", "add", LINK, "type", "veth", "peer", "name", "eth0", "netns", NAMESPACE);
    await ip("address", "add", `${ROUTER}/30`, "dev", LINK);
    await ip("link", "set", LINK, "up");
    await ip("-n", NAMESPACE, "link", "set", "lo", "up");
    await ip("-n", NAMESPACE, "link", "set", "eth0", "up");
    await ip("-n", NAMESPACE, "address", "add", `${GATEWAY}/30`, "dev", "eth0");
    await ip("-n", NAMESPACE, "route", "add", "default", "via", ROUTER);
    for (const address of addresses) {
      await ip("-n", NAMESPACE, "address", "add", `${address}/32`, "dev", "lo");
      await ip("route", "add", `${address}/32`, "via", GATEWAY);
    }
    const server = spawn("ip", ["netns", "exec", NAMESPACE, process.execPath, "--eval", SERVER], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (server.stdout !== null) await once(server.stdout, "data");
    return new Internet(server);
  }

  async close(): Promise<void> {
    this.#server.kill();
    // The routes go with their link.
    await ip("link", "delete", LINK);
    await ip("netns", "delete", NAMESPACE);
  }
}

/** A server of this machine itself, on port 80 of one of its addresses. */
export class HostListener {
  readonly #server: Server;
  readonly #address: string;
  readonly #isAdded: boolean;

  private constructor(server: Server, address: string, isAdded: boolean) {
    this.#server = server;
    this.#address = address;
    this.#isAdded = isAdded;
  }

  /** @param add the machine does not have the address yet */
  static async open(address: string, { add }: { add: boolean }): Promise<HostListener> {
    if (add) await ip("address", "replace", `${address}/32`, "dev", "lo");
    const service = new HostListener(
      createServer((_, answer) => answer.end("the host")),
      address,
      add,
    );
    try {
      service.#server.listen(80, address);
      await once(service.#server, "listening");
      return service;
    } catch (error) {
      await service.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#isAdded) await ip("address", "delete", `${this.#address}/32`, "dev", "lo");
  }
}
