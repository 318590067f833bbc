import data from "../catalogue/hetzner.json" with { type: "json" };
import { type Catalogue, catalogueSchema } from "../fleet/hosts/hetzner/catalogue.ts";

/** What Hetzner sells, as the repository knows it. */
export const CATALOGUE: Catalogue = catalogueSchema.parse(data);
