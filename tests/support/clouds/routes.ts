/** Which handler answers a call: `GET /servers/:id`, where `:id` stands for one part of the path. */
import type { Answer, Call } from "./http.ts";

export interface Asked extends Call {
  /** What stood for the route's names. */
  readonly parts: Readonly<Record<string, string>>;
}

export type Handler = (asked: Asked) => Answer | Promise<Answer>;
export type Routes = Readonly<Record<string, Handler>>;

const pattern = (route: string): RegExp =>
  new RegExp(`^${route.replaceAll("*", "[^/]+").replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`);

export function router(routes: Routes): (call: Call) => Promise<Answer> | Answer | undefined {
  const compiled = Object.entries(routes).map(([route, handler]) => [pattern(route), handler] as const);
  return (call) => {
    for (const [expression, handler] of compiled) {
      const found = expression.exec(`${call.method} ${call.path}`);
      if (found) return handler({ ...call, parts: found.groups ?? {} });
    }
    return undefined;
  };
}

/** `POST /servers`, `DELETE /volumes/*` (one part of the path), or an expression for all of it. */
export const matches = (calls: string | RegExp, { method, path }: Call): boolean =>
  (typeof calls === "string" ? pattern(calls) : calls).test(`${method} ${path}`);
