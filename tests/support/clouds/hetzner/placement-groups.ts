import { z } from "zod";
import type { Routes } from "../routes.ts";
import { type Cloud, findAsked } from "./cloud.ts";
import { labels, name, read } from "./input.ts";
import { page } from "./pages.ts";
import type { PlacementGroup } from "./records.ts";
import { Refusal } from "./refusal.ts";
import { placementGroupView } from "./views.ts";

const creation = z.object({ name, type: z.literal("spread"), labels: labels.optional() });
const update = z.object({ name: name.optional(), labels: labels.optional() });

export function placementGroups(cloud: Cloud): Routes {
  const show = (group: PlacementGroup) => placementGroupView(cloud, group);
  return {
    "GET /placement_groups": ({ query }) =>
      page("placement_groups", [...cloud.placementGroups.values()].map(show), query, ["name", "type"]),
    "POST /placement_groups": (asked) => {
      const { type, ...wanted } = read(asked, creation);
      cloud.refuseTooMany("placement_groups", cloud.placementGroups);
      cloud.refuseTaken("placement_groups", cloud.placementGroups, wanted.name);
      const group: PlacementGroup = { ...cloud.begin(wanted.name, wanted.labels), type };
      cloud.placementGroups.set(group.id, group);
      return { status: 201, body: { placement_group: show(group), action: null } };
    },
    "GET /placement_groups/:id": (asked) => ({
      status: 200,
      body: { placement_group: show(findAsked("placement_group", cloud.placementGroups, asked)) },
    }),
    "PUT /placement_groups/:id": (asked) => {
      const group = findAsked("placement_group", cloud.placementGroups, asked);
      const changed = read(asked, update);
      if (changed.name !== undefined) {
        cloud.refuseTaken("placement_groups", cloud.placementGroups, changed.name, group);
      }
      Object.assign(group, changed);
      return { status: 200, body: { placement_group: show(group) } };
    },
    "DELETE /placement_groups/:id": (asked) => {
      const group = findAsked("placement_group", cloud.placementGroups, asked);
      // The reference leaves open what happens to its servers; this is the strict reading.
      if (show(group).servers.length > 0) throw new Refusal("resource_in_use", "placement group has servers");
      cloud.placementGroups.delete(group.id);
      return { status: 204 };
    },
  };
}
