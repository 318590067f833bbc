import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Tests on a real engine share its two cores: files that wait for containers run one after another.
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts"],
          // Property tests take their time on a busy machine.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          exclude: ["tests/docker/**", "tests/e2e/**", "**/node_modules/**"],
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
