import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LockedError, lock } from "../../../engine/state/lock.ts";
import { testFolder } from "../support/states.ts";

const folder = testFolder();
afterEach(() => vi.restoreAllMocks());

describe("the lock", () => {
  const directory = (): string => join(folder.path, "locks");
  const write = (holder: object): void => {
    mkdirSync(directory(), { recursive: true });
    writeFileSync(
      join(directory(), "other.json"),
      JSON.stringify({ username: "u", timestamp: new Date().toISOString(), ...holder }),
    );
  };

  it("keeps a second run out until the first is done", () => {
    const unlock = lock(directory());
    expect(() => lock(directory())).toThrow(LockedError);
    unlock();
    lock(directory())();
    expect(readdirSync(directory())).toEqual([]);
  });

  it("of a dead process is taken over", () => {
    write({ pid: 2 ** 22 + 1, hostname: hostname() });
    lock(directory())();
    expect(existsSync(join(directory(), "other.json"))).toBe(false);
  });

  it("of a process whose number has since been reused is taken over", () => {
    write({ pid: process.ppid, hostname: hostname(), timestamp: "2020-01-01T00:00:00.000Z" });
    expect(() => lock(directory())()).not.toThrow();
  });

  it("of another machine is respected, because its process cannot be checked", () => {
    write({ pid: 1, hostname: "elsewhere" });
    expect(() => lock(directory())).toThrow(/on elsewhere.*remove/s);
  });

  it("of a live process of another user is respected", () => {
    vi.spyOn(process, "kill").mockImplementation(() => {
      throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
    });
    write({ pid: process.pid, hostname: hostname() });
    expect(() => lock(directory())).toThrow(LockedError);
  });

  it("that is not one is removed", () => {
    write({ pid: "1", hostname: hostname() });
    lock(directory())();
    expect(readdirSync(directory())).toEqual([]);
  });
});
