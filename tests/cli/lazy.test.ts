import { afterEach, expect, it } from "vitest";
import { lazy } from "../../cli/lazy.ts";

afterEach(() => {
  process.exitCode = 0;
});

it("loads what an action needs only when it is run, and passes its arguments on", async () => {
  let loads = 0;
  const action = lazy(
    () => Promise.resolve({ load: ++loads }),
    async ({ load }, left: string, right: number) => {
      expect([load, left, right]).toEqual([1, "a", 2]);
      return true;
    },
  );
  expect(loads).toBe(0);
  await action("a", 2);
  expect(process.exitCode ?? 0).toBe(0);
});

it("fails the command if the action returns false", async () => {
  await lazy(
    () => Promise.resolve({}),
    async () => false,
  )();
  expect(process.exitCode).toBe(1);
});
