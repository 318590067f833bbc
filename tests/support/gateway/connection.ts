/**
 * An operator's WebSocket to a gateway, paired by a login link and then held open.
 *
 * The gateway closes a connection that has not identified itself within seconds, so a connection that is held for minutes
 * needs the whole handshake: it answers the challenge with a device's signature and the link's one-time token.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { WebSocket } from "ws";
import { toThisMachine } from "./http.ts";

const PATIENCE_MS = 60_000;
const ROLE = "operator";
const SESSION = "main";
/** What a login link grants; asking for less is refused. */
const SCOPES = ["admin", "approvals", "pairing", "questions", "read", "talk.secrets", "write"].map(
  (scope) => `operator.${scope}`,
);

/** What becomes of a turn. */
interface ChatEvent {
  readonly runId: string;
  readonly state: "delta" | "final" | "aborted" | "error";
  readonly message: { readonly content: readonly { readonly text?: string }[] };
  readonly errorMessage: string;
}

interface Frame {
  readonly event?: string;
  readonly id?: string;
  readonly ok?: boolean;
  readonly payload?: { readonly nonce?: string; readonly ts?: number } & Partial<ChatEvent>;
  readonly error?: { readonly message: string; readonly details?: { readonly gatewayBuildId?: string } };
}

interface Device {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

function createDevice(): Device {
  const { publicKey: key, privateKey } = generateKeyPairSync("ed25519");
  const publicKey = String(key.export({ format: "jwk" }).x);
  const id = createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest("hex");
  return { id, publicKey, privateKey };
}

const impatience = (what: string): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no answer in time: ${what}`)), PATIENCE_MS).unref();
  });

export class GatewayConnection {
  /** Names of the events that the gateway has sent, in order. */
  readonly events: string[] = [];
  /** Why the connection ended; undefined while it is open. */
  ended: string | undefined;
  readonly #socket: WebSocket;
  readonly #answers = new Map<string, (frame: Frame) => void>();
  readonly #challenge = Promise.withResolvers<Frame>();
  /** By run: who waits for the answer. */
  readonly #turns = new Map<string, PromiseWithResolvers<string>>();
  #requests = 0;

  private constructor(url: string, origin: string, authority: string) {
    this.#socket = new WebSocket(url, { ca: authority, origin, lookup: toThisMachine });
    this.#socket.on("message", (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame;
      if (frame.event !== undefined) this.events.push(frame.event);
      if (frame.event === "connect.challenge") this.#challenge.resolve(frame);
      if (frame.event === "chat") this.#hear(frame.payload ?? {});
      if (frame.id !== undefined) this.#answers.get(frame.id)?.(frame);
    });
    this.#socket.on("error", (error) => {
      this.#challenge.reject(error);
      this.ended ??= error.message;
    });
    this.#socket.on("close", (code, reason) => {
      this.ended ??= `${code} ${reason.toString()}`;
      for (const turn of this.#turns.values())
        turn.reject(new Error(`the connection has ended: ${this.ended}`));
    });
  }

  /**
   * @param link what `npm run login` prints
   * @param authority the ingress's own
   */
  static async open(link: string, authority: string): Promise<GatewayConnection> {
    const { origin, hash } = new URL(link);
    const parameters = new URLSearchParams(hash.slice(1));
    const token = parameters.get("bootstrapToken") ?? "";
    const device = createDevice();
    const attempt = async (buildId?: string): Promise<[GatewayConnection, Frame]> => {
      const connection = new GatewayConnection(parameters.get("gatewayUrl") ?? "", origin, authority);
      return [connection, await connection.#connect(device, token, buildId)];
    };
    // The gateway accepts only its own Control UI, identified by its build, which the refusal contains.
    const [refused, { error }] = await attempt();
    refused.close();
    const [connection, answer] = await attempt(error?.details?.gatewayBuildId);
    if (answer.ok !== true) throw new Error(`the gateway refused the connection: ${answer.error?.message}`);
    return connection;
  }

  async #connect(device: Device, token: string, buildId: string | undefined): Promise<Frame> {
    const { payload } = await Promise.race([this.#challenge.promise, impatience("connect.challenge")]);
    const { nonce, ts } = payload ?? {};
    const client = { id: "openclaw-control-ui", mode: "webchat", version: "test", platform: "test" };
    const claims = ["v3", device.id, client.id, client.mode, ROLE, SCOPES, ts, token, nonce, "test", ""];
    const signature = sign(null, Buffer.from(claims.map(String).join("|")), device.privateKey);
    return this.request("connect", {
      minProtocol: 4,
      maxProtocol: 4,
      client: { ...client, ...(buildId === undefined ? {} : { buildId }) },
      role: ROLE,
      scopes: SCOPES,
      caps: [],
      auth: { bootstrapToken: token },
      device: {
        id: device.id,
        publicKey: device.publicKey,
        signature: signature.toString("base64url"),
        signedAt: ts,
        nonce,
      },
    });
  }

  async request(method: string, params: object = {}): Promise<Frame> {
    const id = String(++this.#requests);
    const { promise, resolve } = Promise.withResolvers<Frame>();
    this.#answers.set(id, resolve);
    this.#socket.send(JSON.stringify({ type: "req", id, method, params }));
    return Promise.race([promise, impatience(method)]);
  }

  /** Sends a message to the agent and gives its answer. @throws where the turn fails, or the connection ends before. */
  async converse(message: string): Promise<string> {
    const runId = randomUUID();
    const turn = Promise.withResolvers<string>();
    this.#turns.set(runId, turn);
    const { ok, error } = await this.request("chat.send", {
      sessionKey: SESSION,
      message,
      idempotencyKey: runId,
    });
    if (ok !== true) throw new Error(`the gateway refused the message: ${error?.message}`);
    return turn.promise;
  }

  #hear({ runId = "", state, message, errorMessage }: Partial<ChatEvent>): void {
    const turn = this.#turns.get(runId);
    if (state === "final") turn?.resolve(message?.content.map(({ text }) => text ?? "").join("") ?? "");
    if (state === "error" || state === "aborted") turn?.reject(new Error(`the turn failed: ${errorMessage}`));
  }

  /** Asks something over this very connection. @throws where it has ended. */
  async isAlive(): Promise<boolean> {
    if (this.ended !== undefined) throw new Error(`the connection has ended: ${this.ended}`);
    return (await this.request("health")).ok === true;
  }

  close(): void {
    this.#socket.terminate();
  }
}
