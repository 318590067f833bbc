import { describe, expect, it } from "vitest";
import { modelDomains, providerOf } from "../../openclaw/model-providers.ts";

describe("model providers", () => {
  it("are what comes before the first slash", () => {
    expect(providerOf("openrouter/anthropic/claude")).toBe("openrouter");
    expect(modelDomains("openrouter/anthropic/claude")).toEqual(["openrouter.ai"]);
  });

  it.each(["local/llama", "constructor/x", "__proto__/x"])("are not known for %s", (model) => {
    expect(modelDomains(model)).toBeUndefined();
  });
});
