import { defineConfig } from "vitest/config";
import { UNIT_TIMEOUT } from "./tests/support/properties.ts";

/** Tests of components set up the mocks of Pulumi's SDK, which are one per process. */
const ISOLATED = ["tests/components/**/*.test.ts"];
const DOCKER = ["tests/docker/**/*.test.ts", "tests/e2e/**/*.test.ts"];

const unit = { pool: "threads", testTimeout: UNIT_TIMEOUT, hookTimeout: UNIT_TIMEOUT } as const;

export default defineConfig({
  test: {
    // By default one core is left for what else runs; here it would be half of them.
    maxWorkers: "100%",
    // Tests on a real engine share its two cores: files that wait for containers run one after another.
    projects: [
      {
        test: {
          ...unit,
          name: "unit",
          include: ["tests/**/*.test.ts"],
          exclude: [...ISOLATED, ...DOCKER, "**/node_modules/**"],
          // They leave nothing behind, so each file need not load the same modules again.
          isolate: false,
        },
      },
      { test: { ...unit, name: "unit-isolated", include: ISOLATED } },
      {
        test: {
          name: "docker",
          include: DOCKER,
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
