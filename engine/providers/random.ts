import { randomBytes as cryptographicBytes } from "node:crypto";
import type { ResourceProvider } from "./resource-provider.ts";

/** Bytes that are drawn once and then kept in the state. */
export const randomBytes: ResourceProvider = {
  inputs: { length: "replace", keepers: "replace" },
  secretOutputs: ["base64", "hex"],
  create: async (inputs) => {
    const bytes = cryptographicBytes(Number(inputs["length"]));
    const base64 = bytes.toString("base64");
    return {
      id: base64,
      outputs: {
        base64,
        hex: bytes.toString("hex"),
        keepers: inputs["keepers"] ?? null,
        length: bytes.length,
      },
    };
  },
};
