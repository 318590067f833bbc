/** The keys of this program's namespace in a stack's configuration. */
import { SERVICES } from "../services/index.ts";
import { replacement } from "./nearest.ts";
import type { Problem } from "./problem.ts";

export const NAMESPACE = "agent-fleet";

/** Those of the services' credentials. Without the namespace, as all of these. */
export const CREDENTIAL_KEYS: readonly string[] = SERVICES.flatMap(({ credentials }) => credentials).map(
  ({ key }) => key,
);

export const STACK_KEYS: readonly string[] = ["fleet", "secrets", ...CREDENTIAL_KEYS];

/** Those of all keys of a configuration that are the program's, without its namespace. */
export const ownKeys = (fullKeys: Iterable<string>): string[] =>
  [...fullKeys].flatMap((key) => (key.startsWith(`${NAMESPACE}:`) ? [key.slice(NAMESPACE.length + 1)] : []));

/** Without their values, which may be secrets. */
export const unknownKeys = (keys: readonly string[]): Problem[] =>
  keys
    .filter((key) => !STACK_KEYS.includes(key))
    .map((key) => ({
      path: `${NAMESPACE}:${key}`,
      message: "there is no such key",
      remedy: replacement(key, STACK_KEYS),
    }));
