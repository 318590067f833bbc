import type { Change } from "pulumi-embedded-engine";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProgressDisplay } from "../../workspace/progress.ts";

const change: Change = {
  op: "create",
  urn: "urn:pulumi:s::p::docker:index/container:Container::alice-gateway",
  type: "docker:index/container:Container",
  name: "alice-gateway",
  changed: [],
};

describe("the progress of an update", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  it("has a heartbeat for an operation that takes long, and a line when it ends", () => {
    const lines: string[] = [];
    const { listen } = new ProgressDisplay((line) => lines.push(line.trim().replace(/ +/g, " ")));
    listen({ kind: "begin", change });
    vi.advanceTimersByTime(14_000);
    listen({ kind: "end", change, ms: 14_000 });
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual([
      "+ container alice-gateway starting (3 s)",
      "+ container alice-gateway starting (13 s)",
      "+ container alice-gateway created in 14.0 s",
    ]);
  });

  it("says that data is kept, and which operations failed or were skipped because of that", () => {
    const lines: string[] = [];
    const { listen } = new ProgressDisplay((line) => lines.push(line.trim().replace(/ +/g, " ")));
    listen({ kind: "end", change: { ...change, op: "delete", name: "bob-data", retained: true }, ms: 0 });
    listen({ kind: "failed", urn: change.urn, message: "no such image" });
    listen({ kind: "skipped", urn: "urn:pulumi:a::alice-route", because: change.urn });
    listen({ kind: "skipped", urn: "urn:pulumi:a::bob-route", because: "the run was interrupted" });
    expect(lines).toEqual([
      "- container bob-data released (data volume kept)",
      "! alice-gateway: no such image",
      ". alice-route: skipped because of alice-gateway",
      ". bob-route: skipped because the run was interrupted",
    ]);
  });

  it("explains a known failure, and names what was never registered because of one", () => {
    const lines: string[] = [];
    const { listen } = new ProgressDisplay((line) => lines.push(line));
    const message = "(HTTP code 404) no such container - No such image: caddy:2 ";
    listen({ kind: "failed", urn: "urn:pulumi:s::p::a$b::alice-gateway", message });
    listen({ kind: "unregistered", type: "a:b:C", name: "alice-route" });
    expect(lines).toEqual([
      "  ! alice-gateway: the image caddy:2 is not on its host\n    -> bring it there: npm run images\n    (No such image: caddy:2)",
      "  . alice-route: skipped because something that it needs was not created",
    ]);
  });
});
