/**
 * A stand-in for the provider of a model, as a container on the agents' own networks: these are internal, so nothing else is
 * within their reach.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { LABELS } from "../../../fleet/names.ts";
import { CONFIG_VARIABLE } from "../../../openclaw/contract.ts";
import { type Recipe, variableOf, withEnvironment } from "./recipes.ts";

const PORT = 8080;
const POLL_MS = 200;
const PATIENCE_MS = 300_000;
const PROVIDER = "stand-in";
const MODEL = "model";

/** What it answers to everything. */
export const ANSWER = "This is the answer of the stand-in.";

const docker = new Docker();

interface Turns {
  readonly answered: number;
  /** The address of its gateway for each request that is held. */
  readonly waiting: readonly string[];
}

/** The address after the agent's: a subnet has room for a few, and nothing else of the fleet uses them. */
const addressBeside = ({ address }: Recipe): string =>
  address.replace(/\d+$/, (last) => String(Number(last) + 1));

const endpoint = (recipe: Recipe): object => ({ IPAMConfig: { IPv4Address: addressBeside(recipe) } });

export class Model {
  readonly #container: Docker.Container;
  readonly #url: string;

  private constructor(container: Docker.Container, url: string) {
    this.#container = container;
    this.#url = url;
  }

  /** Within reach of the gateways of these recipes, whose networks exist. It goes with the stack's other objects. */
  static async start(stack: string, recipes: readonly Recipe[]): Promise<Model> {
    const [first, ...others] = recipes;
    if (first === undefined) throw new Error("there is no gateway for the model");
    const source = readFileSync(join(import.meta.dirname, "model/server.js"), "utf8");
    const container = await docker.createContainer({
      name: `fleet.${stack}.model`,
      Image: first.container.Config.Image,
      Entrypoint: ["node", "--input-type=module", "--eval", source],
      Env: [`PORT=${PORT}`, `ANSWER=${ANSWER}`],
      Labels: { [LABELS.stack]: stack },
      HostConfig: { NetworkMode: first.network.Name },
      NetworkingConfig: { EndpointsConfig: { [first.network.Name]: endpoint(first) } },
    });
    for (const recipe of others)
      await docker
        .getNetwork(recipe.network.Id)
        .connect({ Container: container.id, EndpointConfig: endpoint(recipe) });
    await container.start();
    const model = new Model(container, `http://${addressBeside(first)}:${PORT}`);
    await model.#until(() => true);
    return model;
  }

  /**
   * The gateway, configured to use this model. It bypasses the egress proxy, which refuses private addresses; its network is
   * still internal.
   */
  of(recipe: Recipe): Recipe {
    const config = JSON.parse(variableOf(recipe, CONFIG_VARIABLE) ?? "{}") as {
      agents: { defaults: object };
    };
    const { agents } = config;
    const provider = {
      baseUrl: `http://${addressBeside(recipe)}:${PORT}/v1`,
      apiKey: "none",
      api: "openai-completions",
      models: [{ id: MODEL, name: MODEL, contextWindow: 200_000, maxTokens: 8192 }],
    };
    const changed = {
      ...config,
      agents: { ...agents, defaults: { ...agents.defaults, model: { primary: `${PROVIDER}/${MODEL}` } } },
      models: { providers: { [PROVIDER]: provider } },
    };
    return withEnvironment(recipe, {
      [CONFIG_VARIABLE]: JSON.stringify(changed),
      OPENCLAW_PROXY_URL: undefined,
      HTTP_PROXY: undefined,
      HTTPS_PROXY: undefined,
      NO_PROXY: undefined,
    });
  }

  /** From now on a turn stays in progress until `release`. */
  async hold(): Promise<void> {
    await fetch(`${this.#url}/hold`, { method: "POST" });
  }

  async release(): Promise<void> {
    await fetch(`${this.#url}/release`, { method: "POST" });
  }

  async turns(): Promise<Turns> {
    return (await (await fetch(`${this.#url}/turns`)).json()) as Turns;
  }

  /** @throws unless each of them waits for the model's answer in time */
  untilInProgress(recipes: readonly Recipe[], signal?: AbortSignal): Promise<void> {
    return this.#until(({ waiting }) => recipes.every(({ address }) => waiting.includes(address)), signal);
  }

  async #until(isSo: (turns: Turns) => boolean, signal?: AbortSignal): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      signal?.throwIfAborted();
      const turns = await this.turns().catch(() => undefined);
      if (turns !== undefined && isSo(turns)) return;
      if (Date.now() > end) throw new Error(`the model was not asked in time: ${JSON.stringify(turns)}`);
      await sleep(POLL_MS);
    }
  }

  async remove(): Promise<void> {
    await this.#container.remove({ force: true });
  }
}
