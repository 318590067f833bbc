/** An API made of routes. Authentication, failures that a test demands and the form of a refusal differ between clouds. */
import { type Answer, type Call, type Listener, listen } from "./http.ts";
import { matches, type Routes, router } from "./routes.ts";

/** The connection ends without an answer, before or after the call has had its effect. */
export interface HangUp {
  readonly hangUp: "before" | "after";
}

export interface Definition<Failure extends object> {
  /** Where it begins: `/v1`. */
  readonly root: string;
  readonly routes: Routes;
  /** The answer to whom it does not let in. */
  admit(call: Call): Answer | undefined;
  /** The answer to what a handler has thrown; whatever is not a refusal it throws again. */
  refuse(error: unknown): Answer;
  missing(call: Call): Answer;
  /** The answer to a call that a test makes fail. */
  failed(failure: Failure): Answer;
  /** Of every answer. */
  headers(): Readonly<Record<string, string>>;
}

interface Planned<Failure> {
  readonly calls: string | RegExp;
  readonly failure: Failure | HangUp;
  left: number;
}

export interface Api<Failure extends object> extends Listener {
  /**
   * The next such call (or so many of them) fails, and counts all the same: `POST /servers`, `GET /volumes/:id`, or an
   * expression for such a text.
   */
  fail(calls: string | RegExp, failure: Failure | HangUp, times?: number): void;
  /** As by hand in the browser: not in `requests`, and not counted. Throws what it refuses. */
  console(method: string, path: string, body?: unknown): Promise<unknown>;
}

export async function startApi<Failure extends object>(api: Definition<Failure>): Promise<Api<Failure>> {
  const planned: Planned<Failure>[] = [];
  const route = router(api.routes);
  const answer = async (call: Call): Promise<Answer> => (await route(call)) ?? api.missing(call);

  const respond = async (call: Call): Promise<Answer> => {
    const refused = api.admit(call);
    if (refused) return refused;
    const plan = planned.find(({ calls, left }) => left > 0 && matches(calls, call));
    if (!plan) return answer(call);
    plan.left -= 1;
    if (!("hangUp" in plan.failure)) return api.failed(plan.failure);
    if (plan.failure.hangUp === "after") await answer(call);
    return { status: 0, hangUp: true };
  };

  const listener = await listen(api.root, async (call) => {
    const given = await respond(call).catch(api.refuse);
    return { ...given, headers: { ...api.headers(), ...given.headers } };
  });

  return {
    ...listener,
    fail: (calls, failure, left = 1) => void planned.push({ calls, failure, left }),
    console: async (method, path, body = {}) => {
      const url = new URL(path, "http://localhost");
      const call: Call = {
        ...{ method, path: url.pathname, query: url.searchParams, headers: {} },
        ...{ body: JSON.stringify(body), time: Date.now(), status: 0 },
      };
      return (await answer(call)).body;
    },
  };
}
