/** Runs the program against a deployment. */
import { stripVTControlCharacters } from "node:util";
import { builtinProvider, withProvider } from "./builtin-provider.ts";
import type { Deployment } from "./deployment.ts";
import type { Event } from "./events.ts";
import { unsupported } from "./messages.ts";
import { startProgram } from "./program.ts";
import type { RunOptions, Stack } from "./stack.ts";
import type { Snapshot } from "./state/checkpoint.ts";
import { createProviderReference, isStackType, nameOf, typeOf, type Urn } from "./urn.ts";
import { conceal, type Properties, UNKNOWN } from "./values.ts";
import type { ProgramHooks } from "./wire/hooks.ts";
import { serve } from "./wire/serve.ts";

/** What the program's registrations go to. */
type Registrar = Pick<Deployment, "register" | "registerOutputs">;

/** What a run begins with. */
export interface Opened<D extends Registrar = Registrar> {
  /** Existing resources, as the program sees them. */
  readonly snapshot: Pick<Snapshot, "resources">;
  readonly deployment: D;
}

/** What the SDK reports about a step that failed here, where the reason has already been reported. */
const ECHO =
  /^(?:(?:error: )?Running program '.*' failed with an unhandled exception:\s+(?:<ref \*\d+> )?)?Error: (?:error serializing property "[^"]*": )*resource \S+ \[\S+\] failed to register/;

/** @param text with or without colours */
const repeats = (text: string): boolean => ECHO.test(stripVTControlCharacters(text));

/** The program's last output, without its parts that are echoes. */
export const withoutEchoes = (text: string): string =>
  text
    .split(/(?=^(?:error: )?Running program ')/m)
    .filter((part) => !repeats(part))
    .join("")
    .trim();

const isEcho = (event: Event): boolean => event.kind === "message" && repeats(event.text);

/** What the SDK logs before it waits for a resource's inputs. */
const ANNOUNCEMENT = /^Registering resource: t=(\S+), name=(.*), custom=/;

/** Which resources the program began to create, and did not register because something that they need failed. */
export class Unregistered {
  readonly #announced = new Map<string, { readonly type: string; readonly name: string }>();
  readonly #registered = new Set<string>();

  readonly announce = (event: Event): void => {
    const [, type, name] = (event.kind === "message" && ANNOUNCEMENT.exec(event.text)) || [];
    if (type !== undefined && name !== undefined) this.#announced.set(`${type}::${name}`, { type, name });
  };

  // Nothing is removed: the log may arrive later than the registration.
  readonly register = (urn: Urn): void => {
    this.#registered.add(`${typeOf(urn)}::${nameOf(urn)}`);
  };

  get events(): Event[] {
    return [...this.#announced]
      .filter(([key]) => !this.#registered.has(key))
      .map(([, resource]) => ({ kind: "unregistered", ...resource }));
  }
}

/** The one function that belongs to the engine itself; all others belong to providers. */
const readStackResourceOutputs = ({ resources }: Opened["snapshot"]): Properties => ({
  outputs: Object.fromEntries(
    resources
      .filter((state) => state.delete !== true)
      .map(({ urn, type, outputs }) => [urn, { type, outputs: conceal(outputs ?? {}) }]),
  ),
});

/**
 * @param opening is awaited only when it is needed: the program takes longer to start than the state to open
 * @returns whether the program registered everything that it has to register
 */
export async function runProgram(
  { backend: { project, stack }, config, secretKeys, folder }: Stack,
  opening: Promise<Opened>,
  hooks: ProgramHooks,
  { listen, parallel }: RunOptions,
  dryRun: boolean,
): Promise<boolean> {
  const info = { project, stack, organization: "organization", dryRun, parallel, config, secretKeys };
  const ready = registerBuiltinProvider(opening, project, stack);
  const unregistered = new Unregistered();
  let cleared: Urn | undefined;
  const server = await serve(info, {
    hooks,
    listen: (event) => {
      unregistered.announce(event);
      if (!isEcho(event)) listen(event);
    },
    register: async (goal) => {
      unregistered.register(goal.urn);
      const { deployment, builtin } = await ready;
      return deployment.register(withProvider(goal, builtin));
    },
    registerOutputs: async (urn, outputs) => {
      // The SDK registers none also for a program that has failed, and those of the last run would be lost.
      if (isStackType(typeOf(urn)) && Object.keys(outputs).length === 0) cleared = urn;
      else (await ready).deployment.registerOutputs(urn, outputs);
    },
    invoke: async (token) => {
      if (token !== "pulumi:pulumi:readStackResourceOutputs") {
        throw new Error(unsupported(`the function ${token}`));
      }
      return readStackResourceOutputs((await ready).snapshot);
    },
  });
  const program = startProgram(info, server.address, folder, (text) =>
    listen({ kind: "message", severity: "info", text: text.trimEnd() }),
  );
  ready.catch(() => program.stop());
  const { succeeded, error } = await program.result;
  server.close();
  const { deployment } = await ready;
  if (succeeded && cleared !== undefined) deployment.registerOutputs(cleared, {});
  const text = withoutEchoes(error ?? "");
  if (text !== "") listen({ kind: "message", severity: "error", text });
  for (const event of unregistered.events) listen(event);
  return succeeded;
}

async function registerBuiltinProvider(opening: Promise<Opened>, project: string, stack: string) {
  const opened = await opening;
  const goal = builtinProvider(project, stack);
  const { id } = await opened.deployment.register(goal);
  return { ...opened, builtin: createProviderReference(goal.urn, id || UNKNOWN) };
}
