import { describe, expect, it } from "vitest";
import { DOWN, SWITCHED_OFF, UNKNOWN } from "../../../../fleet/services/ingress/pages.ts";

describe("the ingress's own pages", () => {
  it.each([
    { name: "switched off", page: SWITCHED_OFF, status: 503, retry: ["10"] },
    { name: "down", page: DOWN, status: 503, retry: ["10"] },
    { name: "unknown", page: UNKNOWN, status: 404, retry: undefined },
  ])(
    "are never cached, and say when to try again only where that helps: $name",
    ({ page, status, retry }) => {
      const { headers, ...rest } = page as { headers: Record<string, string[]> };
      expect(rest).toMatchObject({ handler: "static_response", status_code: status });
      expect(headers).toMatchObject({
        "Cache-Control": ["no-store"],
        "Content-Type": ["text/html; charset=utf-8"],
      });
      expect(headers["Retry-After"]).toEqual(retry);
    },
  );
});
