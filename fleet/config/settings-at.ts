/** Which settings exist at a place of the configuration, read off the schema. */
import type { z } from "zod";

/** A schema without what makes it optional, gives it a default, or transforms what it has read. */
function core(schema: z.core.$ZodType): z.core.$ZodTypes {
  // Zod's base type for schemas hides which of its own types they are.
  const { _zod: inner } = schema as z.core.$ZodTypes;
  switch (inner.def.type) {
    case "default":
    case "prefault":
    case "optional":
    case "nullable":
      return core(inner.def.innerType);
    case "pipe":
      return core(inner.def.in);
    default:
      // The same schema, under the type that tells its kinds apart.
      return schema as z.core.$ZodTypes;
  }
}

const inside = (raw: unknown, key: PropertyKey): unknown =>
  typeof raw === "object" && raw !== null
    ? Object.entries(raw).find(([name]) => name === key)?.[1]
    : undefined;

/** The object that is meant where a schema is a union: the one of the value's `kind`. */
function objectIn(schema: z.core.$ZodType, raw: unknown): z.core.$ZodTypes {
  const found = core(schema);
  const { def } = found._zod;
  if (def.type !== "union" || !("discriminator" in def)) return found;
  // A discriminated union's definition is a union's with one key more, which the guard has seen.
  const { discriminator } = def as z.core.$ZodDiscriminatedUnionDef;
  const kind = inside(raw, discriminator);
  const option = def.options.find((each) => each._zod.propValues?.[discriminator]?.has(String(kind)));
  return option === undefined ? found : core(option);
}

/** @param raw the value at the place that the schema describes */
export function settingsAt(schema: z.core.$ZodType, path: readonly PropertyKey[], raw: unknown): string[] {
  const { def } = objectIn(schema, raw)._zod;
  const [key, ...rest] = path;
  if (key === undefined) {
    if (def.type === "object") return Object.keys(def.shape);
    return def.type === "record" ? [...(def.keyType._zod.values ?? [])].map(String) : [];
  }
  const inner =
    def.type === "object" ? def.shape[String(key)] : def.type === "record" ? def.valueType : undefined;
  return inner === undefined ? [] : settingsAt(inner, rest, inside(raw, key));
}
