/** The one name that no setting, entry or variable can have. */
import type { Problem } from "./problem.ts";
import { isObject } from "./shape.ts";

/** The schema's library passes over this key in silence, because assigning it would change an object's prototype. */
const FORBIDDEN_NAME = "__proto__";

const problemAt = (path: string): Problem => ({
  path,
  message: `"${FORBIDDEN_NAME}" is not a valid name`,
  remedy: /^(?:agents|hosts|classes)\.[^.]+$/.test(path)
    ? "use lower-case letters, digits and inner hyphens"
    : "use another name",
});

/** @param path of `raw`, ending in a dot */
export const forbiddenNames = (raw: unknown, path = ""): Problem[] =>
  !isObject(raw)
    ? []
    : Object.entries(raw).flatMap(([name, inner]) =>
        name === FORBIDDEN_NAME ? [problemAt(`${path}${name}`)] : forbiddenNames(inner, `${path}${name}.`),
      );
