import type { Fleet } from "../../fleet/config/fleet.ts";
import { parseStack } from "../../fleet/config/parse.ts";

/** The fleet alone, without secrets. @throws FleetError with every problem at once */
export const parseFleet = (raw: unknown): Fleet => parseStack({ keys: ["fleet"], fleet: raw }).fleet;
