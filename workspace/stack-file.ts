/** `Pulumi.<stack>.yaml`: read as Pulumi does, and changed without losing the operator's comments. */
import { readFileSync } from "node:fs";
import { sync as writeAtomically } from "write-file-atomic";
import { type Document, isMap, parseDocument } from "yaml";
import { isRecord } from "../system/guards.ts";
import { OperatorError } from "../system/operator-error.ts";

const SALT = "encryptionsalt";

export interface StackFile {
  /** `encryptionsalt`; absent until the first secret is set. */
  readonly salt: string | undefined;
  /** Full keys to values; secrets still encrypted, as `{ secure: TEXT }`. */
  readonly config: Readonly<Record<string, unknown>>;
}

function load(file: string): Document {
  const document = parseDocument(readFileSync(file, "utf8"));
  const problem = document.errors[0];
  if (problem !== undefined) throw new OperatorError(`${file} is not valid YAML: ${problem.message}`);
  return document;
}

export function readStackFile(file: string, project: string): StackFile {
  const content: unknown = load(file).toJS();
  if (!isRecord(content)) return { salt: undefined, config: {} };
  const { config, [SALT]: salt } = content;
  const qualified = Object.entries(isRecord(config) ? config : {}).map(([key, value]) => [
    key.includes(":") ? key : `${project}:${key}`,
    value,
  ]);
  return { salt: typeof salt === "string" ? salt : undefined, config: Object.fromEntries(qualified) };
}

const isEncrypted = (value: unknown): value is { secure: string } =>
  isRecord(value) && Object.keys(value).length === 1 && typeof value["secure"] === "string";

const containsEncrypted = (value: unknown): boolean =>
  isEncrypted(value) ||
  (typeof value === "object" && value !== null && Object.values(value).some(containsEncrypted));

function decrypted(value: unknown, decrypt: (text: string) => string): unknown {
  if (isEncrypted(value)) return decrypt(value.secure);
  if (Array.isArray(value)) return value.map((each) => decrypted(each, decrypt));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decrypted(each, decrypt)]));
}

/** Whether the configuration contains values that cannot be read without the passphrase. */
export const hasEncryptedValues = ({ config }: StackFile): boolean => containsEncrypted(config);

export interface OpenConfig {
  /** As a program receives it: a value that is not a string is JSON. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** @param decrypt is called for encrypted values only */
export function openConfig({ config }: StackFile, decrypt: (text: string) => string): OpenConfig {
  const entries = Object.entries(config).map(([key, value]) => {
    const plain = decrypted(value, decrypt);
    return [key, typeof plain === "string" ? plain : JSON.stringify(plain)] as const;
  });
  return {
    config: Object.fromEntries(entries),
    secretKeys: Object.entries(config)
      .filter(([, value]) => containsEncrypted(value))
      .map(([key]) => key),
  };
}

/** As `pulumi config set --secret --path` would. */
export function writeSecret(file: string, path: readonly string[], encrypted: string, salt: string): void {
  const document = load(file);
  if (!document.has(SALT)) document.set(SALT, salt);
  // An empty `config:` is null, which has no keys to set.
  if (!isMap(document.get("config", true))) document.set("config", document.createNode({}));
  document.setIn(["config", ...path], document.createNode({ secure: encrypted }));
  writeAtomically(file, document.toString({ lineWidth: 0 }));
}
