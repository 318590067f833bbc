import { defineConfig } from "vitest/config";
import { UNIT_TIMEOUT } from "./tests/support/properties.ts";

/** Tests of the pure core: they share no state, so a process for each file would only be started for nothing. */
const CORE = ["tests/fleet/**/*.test.ts", "tests/openclaw/**/*.test.ts", "tests/report/**/*.test.ts"];

export default defineConfig({
  test: {
    // Tests on a real engine share its two cores: files that wait for containers run one after another.
    projects: [
      {
        test: {
          name: "unit-core",
          include: CORE,
          isolate: false,
          testTimeout: UNIT_TIMEOUT,
          hookTimeout: UNIT_TIMEOUT,
        },
      },
      {
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts"],
          testTimeout: UNIT_TIMEOUT,
          hookTimeout: UNIT_TIMEOUT,
          exclude: [...CORE, "tests/docker/**", "tests/e2e/**", "**/node_modules/**"],
        },
      },
      {
        test: {
          name: "docker",
          include: ["tests/docker/**/*.test.ts", "tests/e2e/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
