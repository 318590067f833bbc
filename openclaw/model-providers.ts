/** The model providers whose names on the internet are known. */

const PROVIDERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["anthropic", ["api.anthropic.com"]],
  ["deepseek", ["api.deepseek.com"]],
  ["google", ["generativelanguage.googleapis.com"]],
  ["groq", ["api.groq.com"]],
  ["mistral", ["api.mistral.ai"]],
  ["openai", ["api.openai.com"]],
  ["openrouter", ["openrouter.ai"]],
  ["together", ["api.together.xyz"]],
  ["xai", ["api.x.ai"]],
]);

/** The provider of a model: `anthropic` for `anthropic/claude-sonnet-4-6`. */
export const providerOf = (model: string): string => model.slice(0, model.indexOf("/"));

/** The names that a model's provider answers at; undefined where the provider is not known. */
export const modelDomains = (model: string): readonly string[] | undefined =>
  PROVIDERS.get(providerOf(model));
