/** The form of Hetzner's refusals. */
import type { Answer } from "../http.ts";

/** https://docs.hetzner.cloud/reference/cloud#errors; a code that is not here is a 422, as most are. */
const STATUS: Readonly<Record<string, number>> = {
  json_error: 400,
  unauthorized: 401,
  forbidden: 403,
  maintenance: 403,
  resource_limit_exceeded: 403,
  protected: 403,
  not_found: 404,
  method_not_allowed: 405,
  uniqueness_error: 409,
  conflict: 409,
  resource_unavailable: 412,
  primary_ip_version_mismatch: 412,
  locked: 423,
  rate_limit_exceeded: 429,
  server_error: 500,
  bad_gateway: 502,
  unavailable: 503,
  timeout: 504,
};

export class Refusal extends Error {
  readonly code: string;
  readonly details: unknown;
  readonly status: number;

  constructor(code: string, message = code.replaceAll("_", " "), details: unknown = null) {
    super(message);
    this.code = code;
    this.details = details;
    this.status = STATUS[code] ?? 422;
  }

  answer(): Answer {
    const { code, message, details } = this;
    return { status: this.status, body: { error: { code, message, details } } };
  }
}

export const invalid = (field: string, message: string): Refusal =>
  new Refusal("invalid_input", `invalid input in field '${field}'`, {
    fields: [{ name: field, messages: [message] }],
  });
