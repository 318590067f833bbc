import { describe, expect, it } from "vitest";
import hetzner from "../../../../catalogue/hetzner.json" with { type: "json" };
import { catalogueSchema } from "../../../../fleet/hosts/hetzner/catalogue.ts";

const { types, currency, volumePerGb, ipv4 } = catalogueSchema.parse(hetzner);
const onSale = Object.entries(types).filter(([, { deprecated }]) => !deprecated);
const offers = onSale.flatMap(([name, type]) =>
  Object.entries(type.prices).map(([location, price]) => ({ name, location, ...type, ...price })),
);

describe("the catalogue of Hetzner's server types", () => {
  it("lists a price for every type, for volumes and for addresses", () => {
    expect(currency).toBe("EUR");
    expect(volumePerGb).toBeGreaterThan(0);
    expect(ipv4).toBeGreaterThan(0);
    for (const [name, { prices }] of Object.entries(types)) expect(prices, name).not.toEqual({});
  });

  it("contains the known families, and names every type after its family", () => {
    const families = new Set(offers.map(({ family }) => family));
    expect([...families]).toEqual(expect.arrayContaining(["cax", "ccx", "cpx", "cx"]));
    for (const [name, { family }] of Object.entries(types)) {
      expect(family).toMatch(/^[a-z]{2,4}$/);
      expect(name).toMatch(new RegExp(`^${family}\\d+$`));
    }
  });

  it("gives each family one architecture, because a server's cannot change", () => {
    const byFamily = Map.groupBy(onSale, ([, { family }]) => family);
    for (const [family, members] of byFamily) {
      const architectures = new Set(members.map(([, { architecture }]) => architecture));
      expect([...architectures], family).toEqual([family === "cax" ? "arm" : "x86"]);
    }
  });

  // A digit lost in a price, or a price that is left over from a time before, shows as a larger server that is cheaper.
  it("lists more memory, and no fewer CPUs and no less disk, for more money within a family in a location", () => {
    const byPlace = Map.groupBy(offers, ({ family, location }) => `${family} in ${location}`);
    expect([...byPlace.keys()]).toContain("cx in fsn1");
    for (const [place, [first, ...others]] of byPlace) {
      let previous = first;
      for (const offer of others.toSorted((a, b) => a.monthly - b.monthly)) {
        const step = `${place}: ${previous?.name}, ${offer.name}`;
        expect(offer.monthly, step).toBeGreaterThan(previous?.monthly ?? 0);
        expect(offer.memoryGb, step).toBeGreaterThan(previous?.memoryGb ?? 0);
        expect(offer.cpus, step).toBeGreaterThanOrEqual(previous?.cpus ?? 0);
        expect(offer.diskGb, step).toBeGreaterThanOrEqual(previous?.diskGb ?? 0);
        previous = offer;
      }
    }
  });
});
