/** What the state of a file backend needs before the Pulumi CLI can continue from it. */
import type { Stack } from "pulumi-embedded-engine";
import { recoverPendingOperations } from "pulumi-embedded-engine/recover";
import type { Log } from "../system/terminal.ts";

/** Creates the state of a new stack. `pulumi stack init` would also select the stack and write into the stack file. */
export async function createState({ backend, crypter: opening }: Stack): Promise<void> {
  const crypter = await opening;
  const unlock = backend.lock();
  try {
    await backend.save(backend.load(crypter), crypter);
  } finally {
    unlock();
  }
}

/** The CLI refuses to continue from the pending operations of a run that was killed; the embedded engine can finish them. */
export async function finishInterruptedRun({ backend, crypter: opening }: Stack, log: Log): Promise<void> {
  const crypter = await opening;
  const unlock = backend.lock();
  try {
    const saved = backend.load(crypter);
    if (saved.pending.length === 0 && !backend.hasJournal()) return;
    log("Finishing the operations of an interrupted run.");
    await backend.save((await recoverPendingOperations(saved)).snapshot, crypter);
  } finally {
    unlock();
  }
}
