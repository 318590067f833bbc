/** Hetzner's network zones. A subnet belongs to one. */

const ZONES = [
  { zone: "eu-central", locations: ["fsn1", "nbg1", "hel1"] },
  { zone: "us-east", locations: ["ash"] },
  { zone: "us-west", locations: ["hil"] },
  { zone: "ap-southeast", locations: ["sin"] },
] as const;

export const ZONE_NAMES: readonly string[] = ZONES.map(({ zone }) => zone);

export const LOCATIONS: readonly string[] = ZONES.flatMap(({ locations }) => locations);

export const zoneOf = (location: string): string | undefined =>
  ZONES.find(({ locations }) => locations.some((each) => each === location))?.zone;
