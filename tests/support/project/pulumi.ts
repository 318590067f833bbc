/** The Pulumi CLI, which a machine may lack. */
import { onPath } from "../../../system/on-path.ts";

/** Whether there is one. @param what is skipped without it */
export function hasPulumi(what: string): boolean {
  const isThere = onPath("pulumi");
  if (!isThere) console.warn(`SKIPPED: ${what}, because there is no \`pulumi\` on PATH`);
  return isThere;
}
