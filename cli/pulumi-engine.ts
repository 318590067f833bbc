/** The Pulumi CLI, with the same files and the same state. */
import { spawn } from "node:child_process";
import { recoverPendingOperations } from "pulumi-embedded-engine/recover";
import { openStack } from "./embedded-engine.ts";
import type { Outputs, StackEngine, Terminal } from "./engine.ts";
import { passphraseEnvironment } from "./passphrase.ts";
import { fileBackend, hasFileBackend, type Project, resolvedBackendUrl } from "./project.ts";
import { UserError } from "./user-error.ts";

/**
 * One host that does not answer must not keep the others from converging. And the Docker provider opens an SSH connection
 * for each call: with more at a time than this an sshd as it is installed begins to turn them away.
 */
const CHANGING = ["--continue-on-error", "--parallel", "8"] as const;

export function pulumiEngine(project: Project, { log }: Terminal): StackEngine {
  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    ...(hasFileBackend(project) ? passphraseEnvironment(project, log) : {}),
    PULUMI_BACKEND_URL: resolvedBackendUrl(project),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  });

  const pulumi = (args: readonly string[], isShown: boolean): Promise<{ code: number; output: string }> =>
    new Promise((resolve, reject) => {
      const child = spawn("pulumi", [...args, "--non-interactive", "--stack", project.stack], {
        cwd: project.folder,
        env: environment(),
        stdio: ["ignore", "pipe", isShown ? "inherit" : "pipe"],
      });
      let output = "";
      let errors = "";
      child.stdout?.setEncoding("utf8").on("data", (text: string) => {
        if (isShown) log(text.trimEnd());
        else output += text;
      });
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        errors += text;
      });
      child.on("error", reject);
      child.on("close", (code) => {
        if (code !== 0 && !isShown && errors !== "") log(errors.trimEnd());
        resolve({ code: code ?? 1, output });
      });
    });

  const select = async (): Promise<void> => {
    if (hasFileBackend(project) && fileBackend(project).exists()) return;
    const { code } = await pulumi(["stack", "select", "--create"], false);
    if (code !== 0) throw new UserError(`The Pulumi CLI could not open stack ${project.stack}.`);
  };

  /** What a killed run left behind keeps the CLI from going on; the embedded engine knows how to finish it. */
  const repair = async (): Promise<void> => {
    if (!hasFileBackend(project)) return;
    const { backend, crypter: opening } = await openStack(project, log);
    if (!backend.exists()) return;
    const crypter = await opening;
    const unlock = backend.lock();
    try {
      const saved = backend.load(crypter);
      if (saved.pending.length === 0 && !backend.hasJournal()) return;
      log("Finishing what an interrupted run was in the middle of.");
      await backend.save((await recoverPendingOperations(saved)).snapshot, crypter);
    } finally {
      unlock();
    }
  };

  return {
    name: "pulumi",
    async up() {
      await select();
      await repair();
      return (await pulumi(["up", "--yes", "--skip-preview", ...CHANGING], true)).code === 0;
    },
    async preview() {
      await select();
      const { code, output } = await pulumi(["preview", "--json"], false);
      // Read here because a preview by the embedded engine has to be quick, and this brings zod.
      const { parsePreview } = await import("./pulumi-preview.ts");
      return { succeeded: code === 0, ...parsePreview(output) };
    },
    async destroy() {
      await select();
      await repair();
      return (await pulumi(["destroy", "--yes", "--skip-preview", ...CHANGING], true)).code === 0;
    },
    async outputs() {
      const { code, output } = await pulumi(["stack", "output", "--json", "--show-secrets"], false);
      if (code !== 0) return undefined;
      const outputs = JSON.parse(output) as Partial<Outputs>;
      return outputs.fleet === undefined ? undefined : (outputs as Outputs);
    },
  };
}
