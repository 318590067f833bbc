/** Calls to a stand-in, for tests that are their own client. */
import { setTimeout as sleep } from "node:timers/promises";

interface Cloud {
  readonly endpoint: string;
  readonly token: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** What the answer says, whatever it is: tests look into it. */
  // biome-ignore lint/suspicious/noExplicitAny: its shape is what a test is about
  readonly body: any;
}

export async function call(
  { endpoint, token }: Cloud,
  method: string,
  path: string,
  body?: unknown,
): Promise<Reply> {
  const response = await fetch(`${endpoint}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

const POLL_MS = 5;

/** Hetzner's actions run: waits for the ends of those that an answer names. */
export async function settle(cloud: Cloud, { body }: Reply): Promise<Reply> {
  const begun = [body.action, ...(body.actions ?? []), ...(body.next_actions ?? [])].filter(Boolean);
  const query = begun.map(({ id }: { id: number }) => `id=${id}`).join("&");
  for (;;) {
    const reply = await call(cloud, "GET", `/actions?${query}`);
    if (reply.body.actions.every(({ status }: { status: string }) => status !== "running")) return reply;
    await sleep(POLL_MS);
  }
}
