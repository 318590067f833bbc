/** The Pulumi CLI, with the same files and the same state. */
import { spawn } from "node:child_process";
import { z } from "zod";
import type { Change, Operation } from "../engine/events.ts";
import { nameOf, typeOf } from "../engine/goal.ts";
import { finishInterrupted } from "../engine/repair.ts";
import { openStack } from "./embedded-engine.ts";
import type { Outputs, StackEngine, Terminal } from "./engine.ts";
import { passphraseEnvironment } from "./passphrase.ts";
import { fileBackend, hasFileBackend, type Project, resolvedBackendUrl } from "./project.ts";
import { UserError } from "./user-error.ts";

/** The steps that `pulumi preview --json` may name, in this program's words. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  "create-replacement": "replace",
  "delete-replaced": "same",
  delete: "delete",
  replace: "replace",
  same: "same",
  update: "update",
};

const previewSchema = z.object({
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        diffReasons: z.array(z.string()).nullish(),
        oldState: z.object({ retainOnDelete: z.boolean().optional() }).nullish(),
      }),
    )
    .default([]),
  changeSummary: z.partialRecord(z.string(), z.number()).default({}),
});

/** A replacement is told in three steps; a person sees one. */
function changesOf(steps: z.infer<typeof previewSchema>["steps"]): Change[] {
  const changes = new Map<string, Change>();
  for (const { op, urn, diffReasons, oldState } of steps) {
    const known = changes.get(urn);
    const operation = OPERATIONS[op] ?? "update";
    if (known !== undefined && (known.op === "replace" || operation === "same")) continue;
    changes.set(urn, {
      op: operation,
      urn,
      type: typeOf(urn),
      name: nameOf(urn),
      changed: diffReasons ?? [],
      ...(operation === "delete" && oldState?.retainOnDelete === true ? { retained: true } : {}),
    });
  }
  // The provider of Pulumi's own types is nobody's resource.
  return [...changes.values()].filter(({ op, type }) => op !== "same" && type !== "pulumi:providers:pulumi");
}

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
    const { backend, crypter } = await openStack(project, log);
    if (!backend.exists()) return;
    const unlock = backend.lock();
    try {
      const saved = backend.load(crypter);
      if (saved.pending.length === 0 && !backend.hasJournal()) return;
      log("Finishing what an interrupted run was in the middle of.");
      await backend.save((await finishInterrupted(saved, false)).snapshot, crypter);
    } finally {
      unlock();
    }
  };

  return {
    async up() {
      await select();
      await repair();
      return (await pulumi(["up", "--yes", "--skip-preview"], true)).code === 0;
    },
    async preview() {
      await select();
      const { code, output } = await pulumi(["preview", "--json"], false);
      const start = output.indexOf("{");
      const { steps, changeSummary } = previewSchema.parse(start < 0 ? {} : JSON.parse(output.slice(start)));
      return { succeeded: code === 0, changes: changesOf(steps), unchanged: changeSummary["same"] ?? 0 };
    },
    async destroy() {
      await select();
      await repair();
      return (await pulumi(["destroy", "--yes", "--skip-preview"], true)).code === 0;
    },
    async outputs() {
      const { code, output } = await pulumi(["stack", "output", "--json", "--show-secrets"], false);
      if (code !== 0) return undefined;
      const outputs = JSON.parse(output) as Partial<Outputs>;
      return outputs.fleet === undefined ? undefined : (outputs as Outputs);
    },
  };
}
