/** A stack is bound to the Docker daemon that has its fleet, however the daemon is found. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeDaemon, startDaemon } from "../support/docker-daemon.ts";
import { ensureTestImages, STAND_IN } from "../support/gateway/stand-in.ts";
import { identityOf, objectsOf } from "../support/hosts/objects.ts";
import { TestFleet } from "../support/project/test-fleet.ts";

const STACK = "e2e-other-daemon";
const AGENTS = { alice: {} };

let fleet: TestFleet;
/** Answers as an empty daemon does. */
let other: FakeDaemon;

beforeAll(async () => {
  await ensureTestImages();
  other = await startDaemon(({ path }) => {
    const answers: Readonly<Record<string, unknown>> = {
      "/_ping": {},
      "/info": { ID: "OTHER", NCPU: 8 },
      "/containers/json": [],
      "/networks": [],
      "/volumes": { Volumes: [] },
    };
    return Object.hasOwn(answers, path) ? { body: answers[path] } : undefined;
  });
  fleet = await TestFleet.open(STACK, 47, { image: STAND_IN });
  await fleet.up(AGENTS);
});

afterAll(async () => {
  await fleet?.remove();
  await other?.close();
});

describe("a fleet whose daemon's address leads elsewhere", () => {
  it("is not made a second time: a preview says so, an update is refused, and nothing is changed", async () => {
    const before = await identityOf(fleet.objectOf("alice"));
    fleet.environment["DOCKER_HOST"] = other.address;
    const preview = await fleet.tryRun("preview");
    expect(preview.stderr).toContain("An update would be refused");
    expect(preview.stderr).not.toContain("container is gone");
    const { code, stderr } = await fleet.tryRun("up", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain("has the id OTHER, and what the state has of host local is on another one");
    expect(stderr).toContain('set hosts.local.daemon to "OTHER"');
    delete fleet.environment["DOCKER_HOST"];
    expect(other.requests.filter(({ method }) => method !== "GET" && method !== "HEAD")).toEqual([]);
    expect(await identityOf(fleet.objectOf("alice"))).toEqual(before);
    expect((await fleet.tryRun("preview", "--expect-no-changes")).code).toBe(0);
    expect((await objectsOf(STACK)).containers).toContain(fleet.objectOf("alice"));
  });
});
