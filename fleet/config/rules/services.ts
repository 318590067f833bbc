/** What host services must be, each and together. */
import { activeServices } from "../../services/index.ts";
import type { Rule } from "./rule.ts";

/** The rules of each service. */
export const servicesSuitTheirImage: Rule = (fleet) =>
  activeServices(fleet).flatMap(({ definition, settings }) => definition.problems(settings));

export const servicePortsDiffer: Rule = (fleet) => {
  const seen = new Map<number, string>();
  return activeServices(fleet)
    .flatMap(({ definition, settings }) => definition.ports(settings))
    .flatMap(({ setting, port }) => {
      const other = seen.get(port);
      seen.set(port, setting);
      return other === undefined
        ? []
        : [
            {
              path: setting,
              value: port,
              message: `${other} is the same port`,
              remedy: "use another for one of the two",
            },
          ];
    });
};
