/** Typed access to property values. A value of another type counts as missing; the program's own compiler has checked it. */
import { isObject, type Properties, type Value } from "../../values.ts";

type Input = Value | undefined;

export const textIn = (value: Input): string | undefined => (typeof value === "string" ? value : undefined);

export const numberIn = (value: Input): number | undefined => (typeof value === "number" ? value : undefined);

export const textsIn = (value: Input): string[] | undefined =>
  Array.isArray(value) ? value.map(String) : undefined;

export const textMapIn = (value: Input): Record<string, string> | undefined =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]))
    : undefined;

export const objectsIn = (value: Input): Properties[] => (Array.isArray(value) ? value.filter(isObject) : []);
