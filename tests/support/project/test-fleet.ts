/** A fleet of real gateways on this machine's Docker daemon, as an operator and as a neighbour see it. */
import { removeObjects } from "../hosts/objects.ts";
import {
  createProject,
  lane,
  type Result,
  runCommand,
  type Sealed,
  seal,
  type TestProject,
} from "./project.ts";

export interface Change {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly urn: string;
}

/** An agent in the fleet's outputs. */
export interface Agent {
  readonly address: string;
  readonly loopbackPort: number;
  readonly memoryMb: number;
  readonly token: string;
}

/** What a command printed. @throws with all of its output where it failed. */
export function outputOf(what: string, { code, stdout, stderr }: Result): string {
  if (code !== 0) throw new Error(`${what} ended with code ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

export const docker = async (...args: readonly string[]): Promise<string> =>
  outputOf(`docker ${args.join(" ")}`, await runCommand("docker", args)).trim();

/** Commands that need no engine, and have no option for it. */
const ENGINELESS = new Set(["adopt", "images", "plan", "secret", "status"]);

export class TestFleet {
  readonly stack: string;
  readonly domain: string;
  readonly ingress: { readonly container: string; readonly port: number };
  readonly egressProxy: { readonly container: string; readonly port: number };
  readonly #project: TestProject;
  #settings: object;
  #sealed: Sealed | undefined;

  private constructor(stack: string, number: number, settings: object) {
    const ranges = lane(number);
    const portOf = (service: object): number => (service as { port: number }).port;
    this.stack = stack;
    this.domain = `${stack}.localhost`;
    this.ingress = { container: `fleet.${stack}.host_ingress`, port: portOf(ranges.ingress) };
    this.egressProxy = { container: `fleet.${stack}.host_egress_proxy`, port: portOf(ranges.egressProxy) };
    this.#project = createProject(stack);
    this.#settings = { domain: this.domain, ...ranges, defaults: { class: "light" }, ...settings };
  }

  /**
   * @param number the lane, different from other test files'
   * @param settings further keys of `agent-fleet:fleet`
   */
  static async open(stack: string, number: number, settings: object = {}): Promise<TestFleet> {
    // A run that was killed leaves its stack behind.
    await removeObjects(stack);
    return new TestFleet(stack, number, settings);
  }

  /** Where its stack file and its state are. */
  get folder(): string {
    return this.#project.folder;
  }

  /** Of its commands. */
  get environment(): NodeJS.ProcessEnv {
    return this.#project.environment;
  }

  url(agent: string): string {
    return `https://${agent}.${this.domain}:${this.ingress.port}`;
  }

  /** The name of an agent's container, its network and its volume. */
  objectOf(agent: string): string {
    return `fleet.${this.stack}.${agent}`;
  }

  /** Changes keys of `agent-fleet:fleet` for all that follows. */
  change(settings: object): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /** Encrypts values in the stack file, by full key, for all that follows. */
  async seal(secrets: Readonly<Record<string, string>>): Promise<void> {
    this.#sealed = await seal(secrets);
  }

  configure(agents: object): void {
    this.#project.configure({ ...this.#settings, agents }, this.#sealed);
  }

  /** `npm run COMMAND -- ARGS`, whether it succeeds or not. */
  async tryRun(command: string, ...args: readonly string[]): Promise<Result> {
    const isChosen = ENGINELESS.has(command) || args.includes("--engine");
    const engine = isChosen ? [] : ["--engine", "embedded"];
    return this.#project.run(command, ...args, ...engine);
  }

  /** `npm run COMMAND -- ARGS`, and what it prints. @throws where it fails. */
  async run(command: string, ...args: readonly string[]): Promise<string> {
    return outputOf(command, await this.tryRun(command, ...args));
  }

  /** Updates the fleet to these agents. @throws unless each of them has started. */
  async up(agents: object): Promise<string> {
    this.configure(agents);
    return this.run("up", "--yes");
  }

  /** What `up` would change. */
  async preview(agents: object): Promise<Change[]> {
    this.configure(agents);
    return (JSON.parse(await this.run("preview", "--json")) as { changes: Change[] }).changes;
  }

  async agents(): Promise<Record<string, Agent>> {
    const { fleet, tokens } = JSON.parse(await this.run("outputs", "--json", "--show-secrets")) as {
      fleet: { agents: Record<string, Omit<Agent, "token">> };
      tokens: Record<string, string>;
    };
    const entries = Object.entries(fleet.agents).map(([name, agent]): [string, Agent] => [
      name,
      { ...agent, token: tokens[name] ?? "" },
    ]);
    return Object.fromEntries(entries);
  }

  /** Runs a Bash script in an agent's container. */
  inside(agent: string, script: string): Promise<Result> {
    return runCommand("docker", ["exec", this.objectOf(agent), "bash", "-c", script]);
  }

  /** Removes everything: containers, data and project. */
  async remove(): Promise<void> {
    try {
      await this.run("destroy", "--yes");
    } finally {
      await removeObjects(this.stack);
      this.#project.remove();
    }
  }
}
