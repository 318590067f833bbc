/** What can be ordered. Types and prices are those of the project's own catalogue. */
import catalogue from "../../../../catalogue/hetzner.json" with { type: "json" };
import { catalogueSchema } from "../../../../fleet/hosts/hetzner/catalogue.ts";

export interface Location {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly country: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly network_zone: string;
}

const location = (
  id: number,
  name: string,
  country: string,
  city: string,
  [latitude, longitude]: readonly [number, number],
  network_zone: string,
): Location => ({
  ...{ id, name, description: `${city} DC Park 1`, country, city, latitude, longitude, network_zone },
});

export const LOCATIONS: readonly Location[] = [
  location(1, "fsn1", "DE", "Falkenstein", [50.47612, 12.370071], "eu-central"),
  location(2, "nbg1", "DE", "Nuremberg", [49.452102, 11.076665], "eu-central"),
  location(3, "hel1", "FI", "Helsinki", [60.169855, 24.938379], "eu-central"),
  location(4, "ash", "US", "Ashburn, VA", [39.045821, -77.487073], "us-east"),
  location(5, "hil", "US", "Hillsboro, OR", [45.54222, -122.951924], "us-west"),
  location(6, "sin", "SG", "Singapore", [1.283333, 103.833333], "ap-southeast"),
];

const TB = 1024 ** 4;
const money = (amount: number) => ({ net: amount.toFixed(10), gross: (amount * 1.19).toFixed(16) });

const sold = catalogueSchema.parse(catalogue);

export const SERVER_TYPES = Object.entries(sold.types).map(([name, type], index) => ({
  id: index + 100,
  name,
  description: name.toUpperCase(),
  category: type.family === "ccx" ? "General Purpose" : "Cost-Optimized",
  cores: type.cpus,
  memory: type.memoryGb,
  disk: type.diskGb,
  storage_type: "local",
  cpu_type: type.family === "ccx" ? "dedicated" : "shared",
  architecture: type.architecture,
  deprecated: type.deprecated,
  deprecation: null,
  prices: Object.entries(type.prices).map(([where, price]) => ({
    location: where,
    price_hourly: money(price.monthly / 624),
    price_monthly: money(price.monthly),
    included_traffic: price.trafficTb * TB,
    price_per_tb_traffic: money(price.perExtraTb),
  })),
  locations: LOCATIONS.filter(({ name }) => name in type.prices).map(({ id, name }) => ({
    ...{ id, name, recommended: true, available: true, deprecation: null },
  })),
}));

export type ServerType = (typeof SERVER_TYPES)[number];

const SYSTEMS = [
  ["debian", "12"],
  ["debian", "13"],
  ["ubuntu", "22.04"],
  ["ubuntu", "24.04"],
] as const;

export const IMAGES = ["x86", "arm"].flatMap((architecture, half) =>
  SYSTEMS.map(([os_flavor, os_version], index) => ({
    id: 45557056 + half * 100 + index,
    type: "system",
    status: "available",
    name: `${os_flavor}-${os_version}`,
    description: `${os_flavor} ${os_version}`,
    image_size: null,
    disk_size: 5,
    created: "2025-08-15T06:21:39Z",
    created_from: null,
    bound_to: null,
    os_flavor,
    os_version,
    rapid_deploy: true,
    protection: { delete: false },
    deprecated: null,
    deleted: null,
    labels: {},
    architecture,
  })),
);

export type Image = (typeof IMAGES)[number];

export const PRICING = {
  currency: sold.currency,
  vat_rate: "19.00",
  volume: { price_per_gb_month: money(sold.volumePerGb) },
  primary_ips: [
    {
      type: "ipv4",
      prices: LOCATIONS.map(({ name }) => ({ location: name, price_monthly: money(sold.ipv4) })),
    },
  ],
};
