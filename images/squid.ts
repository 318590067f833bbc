import type { Recipe } from "./recipe.ts";

/** A substitute for a Squid image. Always of Debian's version, whatever the tag says. */
export const squidRecipe = (): Recipe => ({
  packages: ["ca-certificates", "squid"],
  finish: "",
  settings: ["EXPOSE 3128", 'CMD ["squid", "-N", "-f", "/etc/squid/squid.conf"]'],
});
