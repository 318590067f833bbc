import { randomBytes as cryptographicBytes } from "node:crypto";
import type { Value } from "../values.ts";
import type { CreateResult, ResourceProvider } from "./resource-provider.ts";

const resultOf = (bytes: Buffer, keepers: Value): CreateResult => {
  const base64 = bytes.toString("base64");
  return { id: base64, outputs: { base64, hex: bytes.toString("hex"), keepers, length: bytes.length } };
};

/** Bytes that are drawn once and then kept in the state. */
export const randomBytes: ResourceProvider = {
  inputs: { length: "replace", keepers: "replace" },
  secretOutputs: ["base64", "hex"],
  create: async ({ length = 0, keepers = null }) => resultOf(cryptographicBytes(Number(length)), keepers),
  /** By their hexadecimal digits. */
  find: async ({ inputs: { length = 0, keepers = null }, value }) => {
    const bytes = Buffer.from(typeof value === "string" ? value : "", "hex");
    const isThem = bytes.length === Number(length) && bytes.toString("hex") === value;
    return isThem ? { ...resultOf(bytes, keepers), differing: {} } : undefined;
  },
};
