/** `Pulumi.<stack>.yaml`: read as Pulumi does, and changed without losing the operator's comments. */
import { readFileSync } from "node:fs";
import { sync as writeAtomically } from "write-file-atomic";
import { type Document, parseDocument, type YAMLParseError } from "yaml";
import { isSealed } from "../fleet/config/sealed-secrets.ts";
import { withoutSecrets } from "../fleet/config/secret-values.ts";
import { isRecord } from "../system/guards.ts";
import { OperatorError } from "../system/operator-error.ts";
import { deleteIn, setIn } from "./yaml-edit.ts";

const SALT = "encryptionsalt";

export interface StackFile {
  /** `encryptionsalt`; absent until the first secret is set. */
  readonly salt: string | undefined;
  /** Full keys to values; secrets still encrypted, as `{ secure: TEXT }`. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Without the line that the library quotes, and the text in its message: either may be a secret. */
const reasonOf = ({ message, linePos }: YAMLParseError): string => {
  const [reason = ""] = message.split(/: "| at line \d|\n/);
  const [start] = linePos ?? [];
  return start === undefined ? reason : `${reason} at line ${start.line}, column ${start.col}`;
};

function load(file: string): { readonly document: Document; readonly text: string } {
  const text = readFileSync(file, "utf8");
  const document = parseDocument(text);
  const problem = document.errors[0];
  if (problem !== undefined) {
    throw new OperatorError(`${file} is not valid YAML: ${withoutSecrets(reasonOf(problem))}`);
  }
  return { document, text };
}

/** As plain data. The library's own error about an alias repeats it, and it may be a secret that begins with an asterisk. */
function contentOf(file: string): unknown {
  const { document } = load(file);
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new OperatorError(
      `${file} has an alias without its anchor. Put quotes around values that begin with an asterisk.`,
    );
  }
}

export function readStackFile(file: string, project: string): StackFile {
  const content: unknown = contentOf(file);
  if (!isRecord(content)) return { salt: undefined, config: {} };
  const { config, [SALT]: salt } = content;
  const qualified = Object.entries(isRecord(config) ? config : {}).map(([key, value]) => [
    key.includes(":") ? key : `${project}:${key}`,
    value,
  ]);
  return { salt: typeof salt === "string" ? salt : undefined, config: Object.fromEntries(qualified) };
}

export const containsEncrypted = (value: unknown): boolean =>
  isSealed(value) ||
  (typeof value === "object" && value !== null && Object.values(value).some(containsEncrypted));

function decrypted(value: unknown, decrypt: (text: string) => string): unknown {
  if (isSealed(value)) return decrypt(value.secure);
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

/** The key as the file spells it: Pulumi takes it with the project's name and without. */
function spelled(text: string, key: string): string {
  const short = key.slice(key.indexOf(":") + 1);
  const document = parseDocument(text);
  return !document.hasIn(["config", key]) && document.hasIn(["config", short]) ? short : key;
}

/** As `pulumi config set --secret --path` would. */
export function writeSecret(
  file: string,
  [key = "", ...names]: readonly string[],
  encrypted: string,
  salt: string,
): void {
  const { document, text } = load(file);
  const path = ["config", spelled(text, key), ...names, "secure"];
  const written = setIn(text, path, encrypted);
  writeAtomically(file, document.has(SALT) ? written : setIn(written, [SALT], salt));
}

/** As `pulumi config rm --path` would. @returns whether there was anything */
export function removeSecret(file: string, [key = "", ...names]: readonly string[]): boolean {
  const { text } = load(file);
  const written = deleteIn(text, ["config", spelled(text, key), ...names], 1);
  if (written === undefined) return false;
  writeAtomically(file, written);
  return true;
}
