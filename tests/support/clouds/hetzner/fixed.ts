/** What can only be read: what is sold, and how actions are getting on. */
import type { Asked, Routes } from "../routes.ts";
import type { Action } from "./actions.ts";
import type { Cloud } from "./cloud.ts";
import { page } from "./pages.ts";
import { Refusal } from "./refusal.ts";
import { IMAGES, LOCATIONS, PRICING, SERVER_TYPES } from "./sold.ts";

function one<T extends { readonly id: number }>(kind: string, all: readonly T[], wanted: string | undefined) {
  const found = all.find(({ id }) => id === Number(wanted));
  if (!found) throw new Refusal("not_found", `${kind} with ID '${wanted}' not found`);
  return { status: 200, body: { [kind]: found } };
}

export function fixed(cloud: Cloud): Routes {
  const actionsOf = ({ path, parts }: Asked): Action[] => {
    const type = path.split("/")[1]?.replace(/s$/, "");
    const id = Number(parts["id"]);
    return cloud.actions.all.filter(({ resources }) =>
      resources.some((each) => each.id === id && each.type === type),
    );
  };
  return {
    "GET /server_types": ({ query }) => page("server_types", SERVER_TYPES, query, ["name"]),
    "GET /server_types/:id": ({ parts }) => one("server_type", SERVER_TYPES, parts["id"]),
    "GET /locations": ({ query }) => page("locations", LOCATIONS, query, ["name"]),
    "GET /locations/:id": ({ parts }) => one("location", LOCATIONS, parts["id"]),
    "GET /images": ({ query }) => page("images", IMAGES, query, ["name", "type", "status", "architecture"]),
    "GET /images/:id": ({ parts }) => one("image", IMAGES, parts["id"]),
    "GET /pricing": () => ({ status: 200, body: { pricing: PRICING } }),
    // Not all of them, ever: the real one has no such list either.
    "GET /actions": ({ query }) => {
      if (!query.has("id")) throw new Refusal("invalid_input", "query parameter 'id' is required");
      return page("actions", cloud.actions.all, query, ["id", "status"]);
    },
    "GET /actions/:id": ({ parts }) => one("action", cloud.actions.all, parts["id"]),
    "GET /*/:id/actions": (asked) => page("actions", actionsOf(asked), asked.query, ["status"]),
    "GET /*/:id/actions/:action": (asked) => one("action", actionsOf(asked), asked.parts["action"]),
  };
}
