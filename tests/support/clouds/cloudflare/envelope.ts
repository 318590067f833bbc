/** How Cloudflare wraps its answers. */
import type { Answer } from "../http.ts";

export interface Problem {
  readonly code: number;
  readonly message: string;
  readonly error_chain?: readonly Problem[];
}

export class Refusal extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.message);
    this.status = status;
    this.problem = problem;
  }

  answer(): Answer {
    const body = { success: false, errors: [this.problem], messages: [], result: null };
    return { status: this.status, body };
  }
}

export const ok = (result: unknown): Answer => ({
  status: 200,
  body: { success: true, errors: [], messages: [], result },
});

export const invalid = (code: number, message: string): Refusal =>
  new Refusal(400, { code: 1004, message: "DNS Validation Error", error_chain: [{ code, message }] });

/** @param perPage where the query does not say */
export function page(items: readonly unknown[], query: URLSearchParams, perPage: number): Answer {
  const number = Number(query.get("page") ?? 1);
  const per_page = Number(query.get("per_page") ?? perPage);
  const result = items.slice((number - 1) * per_page, number * per_page);
  const result_info = {
    page: number,
    per_page,
    count: result.length,
    total_count: items.length,
    total_pages: Math.ceil(items.length / per_page),
  };
  return { status: 200, body: { success: true, errors: [], messages: [], result, result_info } };
}
