/** The commands behind `npm run …`. */
import { Command, Option } from "commander";
import { FleetError } from "../fleet/config/problem.ts";
import { destroyCommand } from "./commands/destroy.ts";
import { outputsCommand } from "./commands/outputs.ts";
import type { PlanOptions } from "./commands/plan.ts";
import { previewCommand } from "./commands/preview.ts";
import type { ReviewOptions } from "./commands/review.ts";
import { secretCommand } from "./commands/secret.ts";
import { confirm } from "./confirm.ts";
import { chooseEngine, ENGINES, type EngineName, type StackEngine, type Terminal } from "../workspace/engine.ts";
import { LOCAL_STACK, openProject, type Project } from "../workspace/project.ts";
import { UserError } from "../workspace/user-error.ts";

/** Results on standard output, everything else on standard error: `--json` can be piped. */
const terminal: Terminal = {
  print: (line) => process.stdout.write(`${line}\n`),
  log: (line) => process.stderr.write(`${line}\n`),
};

interface StackOptions {
  readonly stack?: string;
  readonly engine?: EngineName;
}

const open = ({ stack, engine }: StackOptions): { project: Project; engine: StackEngine } => {
  const project = openProject(stack);
  return { project, engine: chooseEngine(project, engine, terminal) };
};

/** A stack that is not the operator's own machine is changed only after a look at what would change. */
async function confirmChange(
  { stack }: Project,
  isAgreed: boolean,
  what: string,
  show: () => Promise<unknown>,
): Promise<void> {
  if (stack === LOCAL_STACK || isAgreed) return;
  if (process.stdin.isTTY) await show();
  await confirm(`${what} stack ${stack}?`);
}

const program = new Command("npm run")
  .description("A fleet of isolated OpenClaw agent gateways.")
  .showHelpAfterError();

const command = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .option("--stack <name>", `the stack (default: PULUMI_STACK, or ${LOCAL_STACK})`)
    .addOption(new Option("--engine <name>", "default: the Pulumi CLI where it is on PATH").choices(ENGINES));

const finish = (succeeded: boolean): void => {
  if (!succeeded) process.exitCode = 1;
};

command("up", "bring the fleet up, or to what its stack file says now")
  .option("--yes", "do not ask", false)
  .action(async (options: StackOptions & { yes: boolean }) => {
    // Set-up code is read only where it is needed: a preview has to be quick.
    const { upCommand } = await import("./commands/up.ts");
    const { project, engine } = open(options);
    const show = () => previewCommand(engine, { json: false, expectNoChanges: false }, terminal);
    await confirmChange(project, options.yes, "Change", show);
    finish(await upCommand(project, engine, terminal));
  });

command("preview", "show what `up` would change; nothing is touched")
  .option("--json", "print the changes as JSON", false)
  .option("--expect-no-changes", "fail when there are any", false)
  .action(async (options: StackOptions & { json: boolean; expectNoChanges: boolean }) => {
    finish(await previewCommand(open(options).engine, options, terminal));
  });

command("plan", "show hosts, agents, prices and what would change, without any engine")
  .option("--json", "print JSON", false)
  .option("--html <file>", "write a page that draws the hosts and who lives on them")
  .option(
    "--state <file>",
    "what exists, as `pulumi stack export` writes it (default: the stack's own state)",
  )
  .action(async (options: StackOptions & PlanOptions) => {
    const { planCommand } = await import("./commands/plan.ts");
    finish(planCommand(openProject(options.stack), options, terminal));
  });

command("review", "write what a pull request would change, as a comment on it")
  .option("--base <file>", "the base branch's stack file: stands in for what exists where no state is read")
  .option(
    "--state <file>",
    "what exists, as `pulumi stack export` writes it (default: the stack's own state)",
  )
  .option("--output <file>", "default: standard output")
  .action(async (options: StackOptions & ReviewOptions) => {
    const { reviewCommand } = await import("./commands/review.ts");
    finish(await reviewCommand(openProject(options.stack), options, terminal));
  });

program
  .command("probe")
  .description("ask every host's Docker engine whether it answers")
  .option("--stack <name>", `the stack (default: PULUMI_STACK, or ${LOCAL_STACK})`)
  .action(async (options: StackOptions) => {
    const { probeCommand } = await import("./commands/probe.ts");
    const project = openProject(options.stack);
    finish(await probeCommand(project, () => chooseEngine(project, undefined, terminal), terminal));
  });

program
  .command("catalogue")
  .description("refresh what Hetzner rents out, and for how much, from its API")
  .action(async () => {
    const { catalogueCommand } = await import("./commands/catalogue.ts");
    finish(await catalogueCommand({}, terminal));
  });

command("outputs", "show the fleet as other programs read it")
  .option("--json", "print JSON", false)
  .option("--show-secrets", "print the agents' tokens", false)
  .action(async (options: StackOptions & { json: boolean; showSecrets: boolean }) => {
    finish(await outputsCommand(open(options).engine, options, terminal));
  });

command("destroy", "remove everything but the agents' data")
  .option("--yes", "do not ask", false)
  .action(async (options: StackOptions & { yes: boolean }) => {
    const { project, engine } = open(options);
    await confirmChange(project, options.yes, "Remove every agent of", () => Promise.resolve());
    finish(await destroyCommand(project, engine, terminal));
  });

command("secret", "seal a secret environment variable of an agent into the stack file")
  .argument("<agent>")
  .argument("<variable>")
  .action(async (agent: string, variable: string, options: StackOptions) => {
    finish(await secretCommand(openProject(options.stack), agent, variable, terminal));
  });

command("login", "print a one-time link that opens an agent's Control UI, paired")
  .argument("<agent>")
  .action(async (agent: string, options: StackOptions) => {
    const { loginCommand } = await import("./commands/login.ts");
    const { project, engine } = open(options);
    finish(await loginCommand(project, engine, agent, terminal));
  });

command("logs", "follow an agent's log, secrets redacted")
  .argument("<agent>")
  .option("--tail <lines>", "begin with that many earlier lines", "100")
  .option("--no-follow", "end after those")
  .action(async (agent: string, options: StackOptions & { tail: string; follow: boolean }) => {
    const { logsCommand } = await import("./commands/logs.ts");
    const range = { tail: Number(options.tail), follow: options.follow };
    const { project, engine } = open(options);
    finish(await logsCommand(project, engine, agent, range, terminal));
  });

command("purge", "delete the data of an agent that has left the fleet")
  .argument("<agent>")
  .option("--yes", "do not ask", false)
  .action(async (agent: string, options: StackOptions & { yes: boolean }) => {
    const { purgeCommand } = await import("./commands/purge.ts");
    const { project, engine } = open(options);
    finish(await purgeCommand(project, engine, agent, options, terminal));
  });

command("images", "make the images present on every host: pulled, or built from packages").action(
  async (options: StackOptions) => {
    const { prepareHosts } = await import("./commands/up.ts");
    const { readFleet } = await import("../operations/fleet-config.ts");
    await prepareHosts(readFleet(openProject(options.stack)), terminal);
  },
);

command("ca", "print the certificate of the ingress's own authority")
  .option("--host <name>", "the host (default: the first)")
  .action(async (options: StackOptions & { host?: string }) => {
    const { readAuthority } = await import("../operations/ask-agent.ts");
    const { enginesOf, isRented, readFleet } = await import("../operations/fleet-config.ts");
    const { project, engine: stackEngine } = open(options);
    const fleet = readFleet(project);
    const made = isRented(fleet) ? await stackEngine.outputs() : undefined;
    const engines = enginesOf(fleet, made?.fleet);
    const engine = engines.get(options.host ?? [...engines.keys()][0] ?? "");
    if (engine === undefined)
      throw new UserError(`There is no host "${options.host}". Known: ${[...engines.keys()].join(", ")}.`);
    terminal.print((await readAuthority(project.stack, engine)).trimEnd());
  });

try {
  await program.parseAsync();
} catch (error) {
  const isExpected =
    error instanceof UserError || error instanceof FleetError || !(error instanceof TypeError);
  terminal.log(isExpected ? (error as Error).message : String((error as Error).stack));
  process.exitCode = 1;
}
