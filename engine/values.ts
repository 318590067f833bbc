/**
 * Property values as they travel between a Pulumi program and its engine: JSON, with secrets and unknowns marked.
 *
 * The marks are Pulumi's own (`sdk/proto/README`), so a value goes from the wire to the checkpoint without a conversion.
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = { [key: string]: Value };

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** In place of a value that is known only after the update that is being previewed. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const isObject = (value: Value | undefined): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isSecret = (value: Value | undefined): value is Properties =>
  isObject(value) && value[SIGNATURE] === SECRET;

export const secret = (value: Value): Value => (isSecret(value) ? value : { [SIGNATURE]: SECRET, value });

/** Rebuilds a value, with each secret in it replaced. */
const mapSecrets = (value: Value, replace: (secret: Properties) => Value): Value => {
  if (isSecret(value)) return replace(value);
  if (Array.isArray(value)) return value.map((each) => mapSecrets(each, replace));
  if (isObject(value)) return mapProperties(value, replace);
  return value;
};

const mapProperties = (properties: Properties, replace: (secret: Properties) => Value): Properties =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, mapSecrets(value, replace)]));

/** The content of a secret, with the secrets inside it revealed as well. */
const contentOf = ({ value = null }: Properties): Value => mapSecrets(value, contentOf);

/** The same properties with nothing marked secret: for a provider, never for a screen or a file. */
export const reveal = (properties: Properties): Properties => mapProperties(properties, contentOf);

/** The same properties with each secret replaced: what a person may see. */
export const conceal = (properties: Properties): Properties => mapProperties(properties, () => "[secret]");

/** With every secret in the checkpoint's form: encrypted, as JSON text. */
export const encryptSecrets = (properties: Properties, encrypt: (text: string) => string): Properties =>
  mapProperties(properties, (secret) => ({
    [SIGNATURE]: SECRET,
    ciphertext: encrypt(JSON.stringify(contentOf(secret))),
  }));

export const decryptSecrets = (properties: Properties, decrypt: (text: string) => string): Properties =>
  mapProperties(properties, (sealed) => {
    const { ciphertext } = sealed;
    return typeof ciphertext === "string" ? secret(JSON.parse(decrypt(ciphertext))) : sealed;
  });

/** Whether it is a secret or contains one. */
export const holdsSecret = (value: Value | undefined): boolean =>
  isSecret(value) ||
  (Array.isArray(value) && value.some(holdsSecret)) ||
  (isObject(value) && Object.values(value).some(holdsSecret));

/** Whether it is an unknown or contains one. */
export const holdsUnknown = (value: Value | undefined): boolean =>
  value === UNKNOWN ||
  (Array.isArray(value) && value.some(holdsUnknown)) ||
  (isObject(value) && Object.values(value).some(holdsUnknown));

/** Whether two values are the same, whether or not they are secret. An unknown equals nothing, not even itself. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (isSecret(a)) return equal(a["value"], b);
  if (isSecret(b)) return equal(a, b["value"]);
  if (a === UNKNOWN || b === UNKNOWN) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, index) => equal(each, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => equal(a[key], b[key]));
  }
  return a === b;
}
