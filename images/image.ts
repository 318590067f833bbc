/** An image that hosts need, and how it is put together where no container registry answers. */
import { join } from "node:path";
import type { ImageRecipe } from "../fleet/services/service.ts";
import { run } from "../system/run.ts";
import { gatewayRecipe } from "./gateway.ts";
import { findGo, goPackages } from "./go.ts";
import { type Recipe, versionOf } from "./recipe.ts";

export interface Image {
  /** As the settings name it: `caddy:2.11.4`. */
  readonly name: string;
  /** @throws OperatorError if the name contains no version */
  recipe(): Recipe;
}

export const gatewayImage = (name: string): Image => ({
  name,
  recipe: () => gatewayRecipe(versionOf(name)),
});

export const serviceImage = (name: string, recipe: ImageRecipe): Image => ({
  name,
  recipe: () => serviceRecipe(recipe, versionOf(name)),
});

function serviceRecipe({ packages, go, finish = "", settings }: ImageRecipe, version: string): Recipe {
  const filled = (text: string): string => text.replaceAll("{version}", version);
  const recipe = { packages, finish, settings: settings.map(filled) };
  if (go === undefined) return { ...recipe, tools: [] };
  return {
    ...recipe,
    tools: goPackages(),
    async stage(root, scratch) {
      const { command, env } = await findGo(scratch);
      const programs = go.programs.map((program) => `${go.module}/cmd/${program}@v${version}`);
      await run(command, ["install", "-trimpath", "-ldflags", filled(go.flags), ...programs], {
        apart: true,
        env: { ...env, GOBIN: join(root, go.folder), CGO_ENABLED: "0" },
      });
    },
  };
}
