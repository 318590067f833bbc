import { lazy } from "../lazy.ts";
import { plainCommand } from "../stack-command.ts";
import { terminal } from "../terminal.ts";

export const catalogue = plainCommand(
  "catalogue",
  "refresh Hetzner server types and prices from its API",
).action(
  lazy(
    () => import("../../operations/catalogue/refresh.ts"),
    async ({ refreshCatalogue }) => {
      for (const line of await refreshCatalogue()) terminal.print(line);
      return true;
    },
  ),
);
