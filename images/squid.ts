import type { Recipe } from "./recipe.ts";

/** A substitute for a Squid image, of the version that Debian has whichever one the tag names. */
export const backDoorRecipe = (): Recipe => ({
  packages: ["ca-certificates", "squid"],
  finish: "",
  settings: ["EXPOSE 3128", 'CMD ["squid", "-N", "-f", "/etc/squid/squid.conf"]'],
});
