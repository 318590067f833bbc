/** What a class must be beyond its shape. */
import { footprintOf } from "../../../openclaw/footprint.ts";
import { list } from "../../text.ts";
import type { Problem } from "../problem.ts";
import type { FleetSettings } from "../schema.ts";
import type { Rule } from "./rule.ts";

const unknownClass = (path: string, value: string, fleet: FleetSettings): Problem[] =>
  Object.hasOwn(fleet.classes, value)
    ? []
    : [
        {
          path,
          value,
          message: "there is no such class",
          remedy: `use one of ${list(Object.keys(fleet.classes))}, or add it to classes`,
        },
      ];

export const classesExist: Rule = (fleet) => [
  ...unknownClass("defaults.class", fleet.defaults.class, fleet),
  ...Object.entries(fleet.agents).flatMap(([name, agent]) =>
    agent.class === undefined ? [] : unknownClass(`agents.${name}.class`, agent.class, fleet),
  ),
];

export const reservationsFitTheirLimit: Rule = (fleet) =>
  Object.entries(fleet.classes)
    .filter(([, { reservationMb = 0, memoryMb }]) => reservationMb > memoryMb)
    .map(([name, { reservationMb, memoryMb }]) => ({
      path: `classes.${name}.reservationMb`,
      value: reservationMb,
      message: `more is reserved than the limit of ${memoryMb} MiB allows to be used`,
      remedy: `set it to ${memoryMb} or less, or raise memoryMb`,
    }));

/** With a limit below the footprint a gateway may start, but it is killed in its first conversation. */
export const classesFitTheImage: Rule = (fleet) => {
  const { minimumMb } = fleet.footprint ?? footprintOf(fleet.image);
  const working = Object.entries(fleet.classes)
    .filter(([, { memoryMb }]) => memoryMb >= minimumMb)
    .toSorted(([, a], [, b]) => a.memoryMb - b.memoryMb)[0];
  const nearest = working === undefined ? "" : `, or use class ${working[0]} (${working[1].memoryMb} MiB)`;
  return Object.entries(fleet.classes)
    .filter(([, { memoryMb }]) => memoryMb < minimumMb)
    .map(([name, { memoryMb }]) => ({
      path: `classes.${name}.memoryMb`,
      value: memoryMb,
      message: `${fleet.image} needs ${minimumMb} MiB: with ${memoryMb} MiB it is killed in its first conversation or at a login, if not before`,
      remedy: `set it to ${minimumMb} or more${nearest}`,
    }));
};
