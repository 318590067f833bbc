// The first import of every entry point: imports are evaluated in order, so an old Node is refused before anything else runs.
import { isSupportedNode, refusalOf } from "./node-version.mjs";

/** Tells Pulumi's language host that the reason is printed already, so that it adds nothing. */
const REASON_PRINTED = 32;

if (!isSupportedNode(process.versions.node)) {
  console.error(refusalOf(process.versions.node));
  process.exit(REASON_PRINTED);
}
