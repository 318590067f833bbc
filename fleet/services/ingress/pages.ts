/** What the ingress answers where there is no gateway to ask. */

const page = (status: number, title: string, text: string): object => ({
  handler: "static_response",
  status_code: status,
  headers: {
    "Content-Type": ["text/html; charset=utf-8"],
    "Cache-Control": ["no-store"],
    ...(status === 503 ? { "Retry-After": ["10"] } : {}),
  },
  body:
    `<!doctype html><meta name=viewport content="width=device-width"><title>${title}</title>` +
    `<body style="font:16px/1.5 system-ui;margin:20vh auto;max-width:32rem;padding:0 1rem"><h1>${title}</h1><p>${text}</p>`,
});

export const SWITCHED_OFF = page(
  503,
  "This agent is switched off",
  "Its operator has stopped it. Its data is kept.",
);

export const DOWN = page(
  503,
  "This agent is not answering",
  "It is starting or has stopped. Please try again in a moment.",
);

export const UNKNOWN = page(404, "No such agent", "There is no agent under this name.");
