/** `Pulumi.<stack>.yaml`: read as Pulumi does, and changed without losing the operator's comments. */
import { readFileSync } from "node:fs";
import { writeDurably } from "pulumi-embedded-engine/durable-file";
import { type Document, isMap, parseDocument } from "yaml";
import { UserError } from "./user-error.ts";

const SALT = "encryptionsalt";

export interface StackFile {
  /** `encryptionsalt`; absent until the first secret is set. */
  readonly salt: string | undefined;
  /** Full keys to values; secrets still sealed as `{ secure: TEXT }`. */
  readonly config: Readonly<Record<string, unknown>>;
}

function load(file: string): Document {
  const document = parseDocument(readFileSync(file, "utf8"));
  const problem = document.errors[0];
  if (problem !== undefined) throw new UserError(`${file} is no valid YAML: ${problem.message}`);
  return document;
}

export function readStackFile(file: string, project: string): StackFile {
  const { config, [SALT]: salt } = (load(file).toJS() ?? {}) as {
    config?: Record<string, unknown>;
    [SALT]?: string;
  };
  const qualified = Object.entries(config ?? {}).map(([key, value]) => [
    key.includes(":") ? key : `${project}:${key}`,
    value,
  ]);
  return { salt, config: Object.fromEntries(qualified) as Record<string, unknown> };
}

const isSealed = (value: unknown): value is { secure: string } =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length === 1 &&
  typeof (value as { secure?: unknown }).secure === "string";

const containsSealed = (value: unknown): boolean =>
  isSealed(value) ||
  (typeof value === "object" && value !== null && Object.values(value).some(containsSealed));

function unseal(value: unknown, decrypt: (text: string) => string): unknown {
  if (isSealed(value)) return decrypt(value.secure);
  if (Array.isArray(value)) return value.map((each) => unseal(each, decrypt));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unseal(each, decrypt)]));
}

/** Whether the configuration cannot be read without a key. */
export const isSealedSomewhere = ({ config }: StackFile): boolean => containsSealed(config);

export interface OpenConfig {
  /** As a program receives it: a value that is no string is JSON. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** @param decrypt is called for sealed values only. */
export function openConfig({ config }: StackFile, decrypt: (text: string) => string): OpenConfig {
  const entries = Object.entries(config).map(([key, value]) => {
    const plain = unseal(value, decrypt);
    return [key, typeof plain === "string" ? plain : JSON.stringify(plain)] as const;
  });
  return {
    config: Object.fromEntries(entries),
    secretKeys: Object.entries(config)
      .filter(([, value]) => containsSealed(value))
      .map(([key]) => key),
  };
}

/** As `pulumi config set --secret --path` would. */
export function writeSecret(file: string, path: readonly string[], sealed: string, salt: string): void {
  const document = load(file);
  if (!document.has(SALT)) document.set(SALT, salt);
  // An empty `config:` is a null, which nothing can be put into.
  if (!isMap(document.get("config", true))) document.set("config", document.createNode({}));
  document.setIn(["config", ...path], document.createNode({ secure: sealed }));
  writeDurably(file, document.toString({ lineWidth: 0 }), 0o644);
}
